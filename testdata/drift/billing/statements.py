import hvac


def client(token_file="/run/secrets/vault/token"):
    with open(token_file) as file:
        return hvac.Client(url="https://vault.ferry.example:8200", token=file.read())
