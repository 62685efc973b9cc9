import os

import hvac


def client(token_file="/run/secrets/vault/token"):
    with open(token_file) as file:
        return hvac.Client(url=os.environ["VAULT_ADDR"], token=file.read())
