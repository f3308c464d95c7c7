#!/usr/bin/env python3
"""Writes down what exists in a demo, one file a kind of object, for the dictionaries of schemathesis.toml.

schemathesis_ids.py URL KEY OTHER_KEY FOLDER
"""

import json
import pathlib
import sys
import urllib.request

API, KEY, OTHER_KEY, FOLDER = sys.argv[1], sys.argv[2], sys.argv[3], pathlib.Path(sys.argv[4])


def ask(path, key=KEY, body=None):
    """The rows, or the object, that an address answers with."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(API + path, data, headers)) as answer:
        return json.load(answer)["data"]


def write(kind, values):
    """One file; a kind of which nothing exists would leave its operations untried."""
    if not values:
        sys.exit(f"The demo has no {kind}.")
    (FOLDER / f"{kind}.dict").write_text("".join(f"{json.dumps(value)}\n" for value in values))


def ids(rows):
    return [row["id"] for row in rows]


numbers = ask("/numbers?limit=100")
stock = [row["e164"] for row in ask("/numbers/search?limit=50")]
webhook = ask("/webhooks", body={"url": "https://receiver.example/dialyard"})
# Something of each kind that the demo has little of. What the run makes itself is tried too.
holds = [ask("/numbers/reserve", body={"e164": e164})["id"] for e164 in stock[:3]]
payments = [ask("/billing/wallet/topup", body={"amount": amount})["id"] for amount in (20, 50)]
keys = [ask("/keys", OTHER_KEY, {"name": f"Spare {n}", "scopes": ["numbers:read"]})["id"] for n in range(8)]

write("numbers", ids(numbers) + [number["e164"] for number in numbers[:20]])
write("owned", [number["e164"] for number in numbers])
write("stock", stock)
write("holds", holds)
write("payments", payments)
write("keys", keys)
write("webhooks", [webhook["id"]])
write("deliveries", [ask(f"/webhooks/{webhook['id']}/test", body={})["id"] for _ in range(3)])
write("organizations", [ask("/organization")["id"], ask("/organization", OTHER_KEY)["id"]])
for kind, path in [
    ("agents", "/agents"),
    ("routes", "/routes"),
    ("sub-accounts", "/sub-accounts"),
    ("members", "/members"),
    ("orders", "/orders"),
]:
    write(kind, ids(ask(f"{path}?limit=50")))
