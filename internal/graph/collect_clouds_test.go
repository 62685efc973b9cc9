package graph

import "testing"

// TestFactsOfClouds has the same facts in the languages of clouds: entries, how they
// are rotated, who may read them, whose tokens count, who gets them.
func TestFactsOfClouds(t *testing.T) {
	testCollect(t, []gathered{
		{"stacks of CloudFormation", one("infra/a.yaml", `AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Env: {Type: String, Default: prod}
  Other: {Type: String}
Resources:
  Key:
    Type: AWS::KMS::Key
  Db:
    Type: AWS::SecretsManager::Secret
    Properties:
      Name: !Sub "${Env}/db"
      KmsKeyId: !GetAtt Key.Arn
  Unnamed:
    Type: AWS::SecretsManager::Secret
    Properties: {GenerateSecretString: {}}
  Rotation:
    Type: AWS::SecretsManager::RotationSchedule
    Properties:
      SecretId: !Ref Attachment
      RotationRules: {AutomaticallyAfterDays: 30}
  Attachment:
    Type: AWS::SecretsManager::SecretTargetAttachment
    Properties: {SecretId: !Ref Db, TargetId: !Ref Base, TargetType: "AWS::RDS::DBInstance"}
  Base:
    Type: AWS::RDS::DBInstance
    Properties:
      MasterUserPassword: !Sub "{{resolve:secretsmanager:${Unnamed}:SecretString:password}}"
      MasterUsername: "{{resolve:secretsmanager:prod/db:SecretString:user}}"
  Managed:
    Type: AWS::RDS::DBCluster
    Properties: {ManageMasterUserPassword: true}
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: web
      MaxSessionDuration: 7200
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRoleWithWebIdentity
            Principal: {Federated: !Sub "arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com"}
            Condition:
              StringLike: {"token.actions.githubusercontent.com:sub": "repo:shop/web:*"}
      Policies:
        - PolicyDocument:
            Statement:
              - Effect: Allow
                Action: [secretsmanager:GetSecretValue]
                Resource: [!Ref Db, !Ref Unnamed, !Sub "arn:aws:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:shop/*", !Ref Other]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      TaskRoleArn: !GetAtt Role.Arn
      ContainerDefinitions:
        - Name: web
          Secrets:
            - {Name: A, ValueFrom: !Ref Db}
            - {Name: B, ValueFrom: !Sub "${Db}:password::"}
            - {Name: C, ValueFrom: "arn:aws:secretsmanager:eu-west-1:1:secret:shop/api-AbCdEf:key::"}
            - {Name: D, ValueFrom: !Sub "arn:aws:ssm:${AWS::Region}:${AWS::AccountId}:parameter/shop/p"}
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - AWSSecretsManagerGetSecretValuePolicy: {SecretArn: !Ref Db}
        - SSMParameterReadPolicy: {ParameterName: shop/p}
  P:
    Type: AWS::SecretsManager::ResourcePolicy
    Properties:
      SecretId: !Ref Db
      ResourcePolicy:
        Statement:
          - {Effect: Allow, Action: "secretsmanager:Get*", Resource: "*", Principal: {AWS: !GetAtt Role.Arn}}
`), `
grant 47:17 aws-iam:role/web cfn-secret:infra/a.yaml#Unnamed aws-secretsmanager action=secretsmanager:GetSecretValue
grant 47:17 aws-iam:role/web prod/db aws-secretsmanager action=secretsmanager:GetSecretValue
grant 47:17 aws-iam:role/web shop/* aws-secretsmanager action=secretsmanager:GetSecretValue wildcard
grant 65:11 cloudformation:infra/a.yaml#Fn prod/db aws-secretsmanager action=AWSSecretsManagerGetSecretValuePolicy
grant 66:11 cloudformation:infra/a.yaml#Fn /shop/p aws-ssm action=SSMParameterReadPolicy
grant 73:13 aws-iam:role/web prod/db aws-secretsmanager action=secretsmanager:Get*
object 13:3 cfn-secret:infra/a.yaml#Unnamed aws-secretsmanager key=default
object 8:3 cfn-secret:infra/a.yaml#Db name=prod/db aws-secretsmanager key=customer:Key
rotation 20:47 cloudformation:infra/a.yaml#Rotation of=cfn-secret:infra/a.yaml#Db name=prod/db every=30d
rotation 31:44 cloudformation:infra/a.yaml#Managed of=cfn-secret:infra/a.yaml#Managed every=7d
trust 43:71 aws-iam:role/web issuer=token.actions.githubusercontent.com subject=repo:shop/web:*
ttl 36:27 cloudformation:infra/a.yaml#Role session web for=7200s
use 27:32 cfn-secret:infra/a.yaml#Unnamed by=cloudformation:infra/a.yaml#Base sdk env=infra
use 28:23 cfn-secret:infra/a.yaml#Db by=cloudformation:infra/a.yaml#Base sdk env=infra
use 57:36 cfn-secret:infra/a.yaml#Db by=cloudformation:infra/a.yaml#Task env var=A env=infra
use 58:41 cfn-secret:infra/a.yaml#Db by=cloudformation:infra/a.yaml#Task env var=B env=infra
use 59:36 object:shop/api#key by=cloudformation:infra/a.yaml#Task env var=C env=infra
use 60:41 object:/shop/p by=cloudformation:infra/a.yaml#Task env var=D env=infra
workload 16:3 cloudformation:infra/a.yaml#Rotation rotation every=30d
workload 29:3 cloudformation:infra/a.yaml#Managed rotation every=7d
workload 50:3 cloudformation:infra/a.yaml#Task resource as=aws-iam:role/web
workload 61:3 cloudformation:infra/a.yaml#Fn resource as=cloudformation:infra/a.yaml#Fn
`},
		{"modules of Bicep", one("infra/b.bicep", `param adminId string
resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'shop'
  properties: {
    accessPolicies: [
      { objectId: identity.properties.principalId, permissions: { secrets: ['get', 'list'] } }
      { objectId: adminId, permissions: { secrets: ['list'] } }
    ]
  }
  resource token 'secrets' = {
    name: 'token'
  }
}
resource db 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'db'
}
resource old 'Microsoft.KeyVault/vaults/secrets@2023-07-01' existing = {
  parent: vault
  name: 'old'
}
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'web'
}
resource trust 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31' = {
  parent: identity
  name: 'github'
  properties: {
    issuer: 'https://token.actions.githubusercontent.com'
    subject: 'repo:shop/web:environment:production'
  }
}
resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id)
  scope: db
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')
    principalId: identity.properties.principalId
  }
}
resource app 'Microsoft.Web/sites@2023-12-01' = {
  name: 'web'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    siteConfig: {
      appSettings: [
        { name: 'DB', value: '@Microsoft.KeyVault(SecretUri=${db.properties.secretUri})' }
        { name: 'OLD', value: '@Microsoft.KeyVault(VaultName=shop;SecretName=old)' }
        { name: 'URI', value: '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/token/)' }
        { name: 'PLAIN', value: 'x' }
      ]
    }
  }
}
module sql './sql.bicep' = {
  name: 'sql'
  params: { password: vault.getSecret('db') }
}
resource aca 'Microsoft.App/containerApps@2024-03-01' = {
  name: 'aca'
  properties: { configuration: { secrets: [ { name: 'db', keyVaultUrl: 'https://shop.vault.azure.net/secrets/db', identity: identity.id } ] } }
}
resource key 'Microsoft.KeyVault/vaults/keys@2023-07-01' = {
  parent: vault
  name: 'key'
  properties: { rotationPolicy: { lifetimeActions: [ { trigger: { timeAfterCreate: 'P90D' }, action: { type: 'rotate' } } ] } }
}
`), `
grant 37:23 arm:infra/b.bicep#identity db azure-keyvault action=Key Vault Secrets User
grant 6:77 arm:infra/b.bicep#identity * azure-keyvault action=get wildcard
object 10:12 arm-secret:infra/b.bicep#token name=token azure-keyvault
object 14:10 arm-secret:infra/b.bicep#db name=db azure-keyvault
rotation 66:84 arm:infra/b.bicep#key name=key every=90d
trust 30:14 arm:infra/b.bicep#identity issuer=token.actions.githubusercontent.com subject=repo:shop/web:environment:production
use 47:30 arm-secret:infra/b.bicep#db by=arm:infra/b.bicep#app env env=infra
use 48:31 object:old by=arm:infra/b.bicep#app env env=infra
use 49:31 arm-secret:infra/b.bicep#token by=arm:infra/b.bicep#app env env=infra
use 57:23 arm-secret:infra/b.bicep#db by=arm:infra/b.bicep#sql input env=infra
use 61:72 arm-secret:infra/b.bicep#db by=arm:infra/b.bicep#aca env env=infra
workload 41:10 arm:infra/b.bicep#app resource as=arm:infra/b.bicep#app also=arm:infra/b.bicep#identity
workload 63:10 arm:infra/b.bicep#key rotation every=90d
`},
		{"templates of Azure in JSON", one("infra/c.json", `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
 "parameters": {"vault": {"type": "string", "defaultValue": "shop"}, "name": {"type": "string"}},
 "resources": [
  {"type": "Microsoft.KeyVault/vaults/secrets", "apiVersion": "x", "name": "[concat(parameters('vault'), '/db')]", "properties": {}},
  {"type": "Microsoft.KeyVault/vaults/secrets", "apiVersion": "x", "name": "[concat(parameters('name'), '/api')]", "properties": {}},
  {"type": "Microsoft.ManagedIdentity/userAssignedIdentities", "name": "web"},
  {"type": "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials", "name": "web/gh", "properties": {"issuer": "https://token.actions.githubusercontent.com", "subject": "repo:a/b:ref:refs/heads/main"}},
  {"type": "Microsoft.Authorization/roleAssignments", "name": "r", "scope": "[resourceId('Microsoft.KeyVault/vaults/secrets', 'shop', 'db')]",
   "properties": {"roleDefinitionId": "[resourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')]", "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'web')).principalId]"}},
  {"type": "Microsoft.Web/sites", "name": "site", "properties": {"siteConfig": {"appSettings": [{"name": "DB", "value": "[concat('@Microsoft.KeyVault(SecretUri=', reference(resourceId('Microsoft.KeyVault/vaults/secrets', 'shop', 'db')).secretUri, ')')]"}]}}},
  {"type": "Microsoft.Resources/deployments", "name": "inner", "properties": {"parameters": {"p": {"reference": {"keyVault": {"id": "x"}, "secretName": "db"}}}}}
 ]}
`), `
grant 9:39 arm:infra/c.json#web db azure-keyvault action=Key Vault Secrets User
object 4:4 arm-secret:infra/c.json#shop/db name=db azure-keyvault
object 5:4 arm-secret:infra/c.json#${parameters.name}/api name=api azure-keyvault
trust 7:194 arm:infra/c.json#web issuer=token.actions.githubusercontent.com subject=repo:a/b:ref:refs/heads/main
use 10:121 arm-secret:infra/c.json#shop/db by=arm:infra/c.json#site env env=infra
use 11:113 arm-secret:infra/c.json#shop/db by=arm:infra/c.json#inner input env=infra
`},
		{"what Terraform hands on, and whom it trusts", one("infra/t.tf", `resource "aws_secretsmanager_secret" "db" { name = "shop/db" }
resource "aws_iam_role" "web" {
  name = "web"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com" }
      Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = ["repo:shop/web:*", "repo:shop/api:*"] }, StringNotLike = { "token.actions.githubusercontent.com:sub" = "repo:shop/api:pull_request" } }
    }]
  })
}
resource "aws_iam_role_policy_attachment" "all" {
  role       = aws_iam_role.web.name
  policy_arn = "arn:aws:iam::aws:policy/SecretsManagerReadWrite"
}
resource "aws_secretsmanager_secret_policy" "p" {
  secret_arn = aws_secretsmanager_secret.db.arn
  policy     = jsonencode({ Statement = [{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "*", Principal = { AWS = ["arn:aws:iam::1:role/team/api", "arn:aws:iam::1:root"] } }] })
}
resource "aws_ecs_task_definition" "web" {
  for_each           = toset(["a", "b"])
  family             = each.key
  task_role_arn      = aws_iam_role.web.arn
  container_definitions = jsonencode([{
    name    = "web"
    secrets = [{ name = "DB", valueFrom = "arn:aws:secretsmanager:eu-west-1:1:secret:shop/db-AbCdEf:password::" }, { name = "KEY", valueFrom = var.key }]
  }])
}
variable "key" {}
resource "google_cloud_run_v2_service" "s" {
  name     = "s"
  template {
    containers {
      env {
        name = "TOKEN"
        value_source {
          secret_key_ref { secret = "api" }
        }
      }
    }
  }
}
resource "azurerm_key_vault_secret" "s" {
  name         = "smtp"
  key_vault_id = azurerm_key_vault.v.id
}
resource "azurerm_user_assigned_identity" "web" { name = "web" }
resource "azurerm_key_vault" "v" {
  name = "v"
  access_policy {
    object_id          = azurerm_user_assigned_identity.web.principal_id
    secret_permissions = ["List", "Get"]
  }
}
resource "azurerm_federated_identity_credential" "f" {
  name      = "f"
  parent_id = azurerm_user_assigned_identity.web.id
  issuer    = "https://token.actions.githubusercontent.com"
  subject   = "repo:shop/web:pull_request"
}
resource "azurerm_role_assignment" "r" {
  scope              = azurerm_key_vault_secret.s.id
  role_definition_id = "/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6"
  principal_id       = azurerm_user_assigned_identity.web.principal_id
}
resource "azurerm_linux_web_app" "a" {
  name         = "a"
  app_settings = { SMTP = "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/smtp/)" }
}
`), `
grant 15:16 aws-iam:role/web * aws-secretsmanager action=SecretsManagerReadWrite wildcard
grant 19:42 aws-iam:role/api shop/db aws-secretsmanager action=secretsmanager:GetSecretValue
grant 53:35 terraform:infra//azurerm_user_assigned_identity.web * azure-keyvault action=Get wildcard
grant 64:24 terraform:infra//azurerm_user_assigned_identity.web smtp azure-keyvault action=Key Vault Secrets User
object 1:38 tf:infra//aws_secretsmanager_secret.db name=shop/db aws-secretsmanager key=default
object 44:37 tf:infra//azurerm_key_vault_secret.s name=smtp azure-keyvault
trust 60:15 terraform:infra//azurerm_user_assigned_identity.web issuer=token.actions.githubusercontent.com subject=repo:shop/web:pull_request
trust 9:100 aws-iam:role/web issuer=token.actions.githubusercontent.com subject=repo:shop/api:*
trust 9:81 aws-iam:role/web issuer=token.actions.githubusercontent.com subject=repo:shop/web:*
use 27:43 tf:infra//aws_secretsmanager_secret.db by=terraform:infra//aws_ecs_task_definition.web env var=DB env=infra
use 38:37 object:api by=terraform:infra//google_cloud_run_v2_service.s env var=TOKEN env=infra
use 69:27 tf:infra//azurerm_key_vault_secret.s by=terraform:infra//azurerm_linux_web_app.a env env=infra
workload 21:36 terraform:infra//aws_ecs_task_definition.web resource as=aws-iam:role/web
`},
	})
}
