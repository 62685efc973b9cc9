// Where backups of orders go.
param location string = resourceGroup().location

resource backups 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'shopbackups'
  location: location
  kind: 'StorageV2'
  sku: { name: 'Standard_GRS' }
  properties: {
    allowSharedKeyAccess: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

output id string = backups.id
