#!/usr/bin/env python3
"""Runs Vobiz's own client from PyPI, unmodified but for the address it calls, against a demo of its own.

vobiz_client.py PROGRAM

Leaves with 1 and the first difference when an answer is not what a user of that client relies on.
"""

import decimal
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import vobiz
from vobiz import exceptions
from vobiz.resources import accounts, numbers, subaccounts

START_TIMEOUT_S = 120


class Demo:
    """A demo in a temporary folder, ended with the block that it is used in."""

    def __init__(self, program):
        self.folder = tempfile.TemporaryDirectory()
        self.data = pathlib.Path(self.folder.name) / "data"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            listen = "127.0.0.1:%d" % probe.getsockname()[1]
        self.url = f"http://{listen}"
        command = [program, "serve", "--demo", "--data-dir", str(self.data), "--listen", listen]
        command += ["--site-root", "target/site", "--log", "warn", "--key-requests-per-second", "0"]
        self.server = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def __enter__(self):
        until = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < until:
            if self.server.poll() is not None:
                sys.exit("The program ended before it was ready.")
            try:
                urllib.request.urlopen(f"{self.url}/readyz").close()
                return self
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        self.__exit__()
        sys.exit("The program was not ready in time.")

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()
        self.folder.cleanup()

    def client(self, name):
        """The client with one of the demo's keys."""
        key = next(key for key in json.loads((self.data / "demo.json").read_text())["keys"] if key["name"] == name)
        return self.client_of(key["authId"], key["token"])

    def client_of(self, auth_id, auth_token):
        client = vobiz.RestClient(auth_id, auth_token, timeout=30)
        # A proxy of this machine has nothing to do with a server on it.
        client.session.trust_env = False
        return client


def same(found, wanted, what):
    if found != wanted:
        sys.exit(f"{what}: {found!r}, not {wanted!r}")


def true(condition, what):
    same(bool(condition), True, what)


def refused(kind, text, what, call, *arguments, **named):
    """The call raises exactly that exception, with that text in it."""
    try:
        answer = call(*arguments, **named)
    except exceptions.VobizRestError as error:
        same(type(error), kind, what)
        true(text in str(error), f"{what}: {error}")
    else:
        sys.exit(f"{what}: not refused, but answered {answer!r}")


def amount(number):
    return decimal.Decimal(str(number))


def profile(demo, customer):
    me = customer.accounts.get()
    same((me.auth_id, me.name, me.type), (customer.auth_id, "Brightline Voice", "MASTER"), "profile")
    same(demo.client("admin").accounts.get().role, "ADMIN", "role of an admin")
    same(demo.client("sub").accounts.get().type, "SUB_ACCOUNT", "type of a sub-account")
    wrong = demo.client_of(customer.auth_id, "dy_sk_wrong")
    refused(exceptions.AuthenticationError, "Invalid token", "a wrong token", wrong.accounts.get)
    other = demo.client("other")
    refused(exceptions.ForbiddenError, "account ID mismatch", "another account", other.accounts.get_balance, customer.auth_id, "USD")


def balance_of(customer):
    balance = customer.accounts.get_balance(customer.auth_id, "USD")
    same((balance.currency, balance.is_postpaid, balance.status), ("USD", False, "active"), "balance")
    return amount(balance.available_balance)


def buying(customer):
    """Searches, buys, and finds the money and the number; answers the number."""
    inventory = customer.phone_numbers.list_inventory(country="US", page=2, per_page=5)
    same((inventory.page, inventory.per_page, len(inventory.items)), (2, 5, 5), "a page of the inventory")
    true(inventory.total > 1000, "the inventory's total")
    found = customer.phone_numbers.list_inventory(search="14153569377", per_page=1)
    same([item.e164 for item in found.items], ["+14153569377"], "a search in the inventory")
    without = customer.phone_numbers.list_inventory(search="14153569377", exclude="+1415")
    same((without.total, list(without.items)), (0, []), "a search without a prefix")

    item, before = found.items[0], balance_of(customer)
    price = amount(item.setup_fee) + amount(item.monthly_fee)
    bought = customer.phone_numbers.purchase_from_inventory(item.e164, currency="USD")
    same(bought.message, "Number purchased successfully", "the message of a purchase")
    same((bought.number.e164, bought.number.account_id, bought.number.status), (item.e164, customer.auth_id, "active"), "the number")
    same(balance_of(customer), before - price, "the balance after a purchase")
    lines = customer.accounts.get_transactions(customer.auth_id, limit=2, offset=0)
    same({line.reference_type for line in lines.transactions}, {"did_purchase", "did_rental"}, "the lines of a purchase")
    same(sum(amount(line.amount) for line in lines.transactions), price, "what they come to")
    true(all(line.type == "debit" and line.reference == item.e164 for line in lines.transactions), "what they are")
    refused(exceptions.ResourceNotFoundError, "not_found", "a second purchase", customer.phone_numbers.purchase_from_inventory, item.e164)
    refused(exceptions.InvalidRequestError, "VALIDATION_ERROR", "no number", customer.phone_numbers.purchase_from_inventory, "nonsense")
    return item.e164


def listed(customer, **filters):
    """The numbers of all pages by their E.164."""
    found, page = {}, 1
    while True:
        answer = customer.phone_numbers.list(page=page, per_page=10, **filters)
        found.update({item.e164: item for item in answer.items})
        if page * 10 >= answer.total:
            same(len(found), answer.total, "the rows of all pages")
            return found
        page += 1


def paging(customer):
    first = customer.accounts.get_transactions(customer.auth_id)
    same((first.page, first.per_page, first.auth_id), (1, 50, customer.auth_id), "transactions")
    same(first.summary.total_transactions, first.total, "the summary's count")
    total = amount(first.summary.total_credit) - amount(first.summary.total_debit)
    same(amount(first.summary.net_amount), total, "the summary's sum")
    second = customer.accounts.get_transactions(customer.auth_id, limit=1, offset=1)
    same(second.transactions[0].id, first.transactions[1].id, "the second line")
    everything, own = listed(customer, include_subaccounts=True), listed(customer, include_subaccounts=False)
    true(0 < len(own) < len(everything), "numbers of sub-accounts are left out")
    same({item.account_id for item in own.values()}, {customer.auth_id}, "whose numbers those are")


def trunks(customer, number):
    """A trunk group is a route: its id comes from the native API, which takes the same credentials."""
    base = numbers.VOBIZ_API_V1
    rows = customer.session.get(f"{base}/routes?subAccountId=none").json()["data"]
    trunk = rows[0]["id"]
    same(customer.phone_numbers.assign_to_trunk(number, trunk), None, "a trunk is put on")
    same(listed(customer)[number].trunk_group_id, trunk, "the trunk of the number")
    refused(exceptions.ValidationError, "invalid request", "a second trunk", customer.phone_numbers.assign_to_trunk, number, trunk)
    same(customer.phone_numbers.unassign_from_trunk(number.replace("+", "%2B")), None, "the trunk is taken off")
    refused(
        exceptions.ResourceNotFoundError, "Number not found", "no trunk", customer.phone_numbers.unassign_from_trunk, number
    )


def hand(client, method, number, sub_account=None, **query):
    """What the client has no call for is sent with its session and read by it."""
    url = f"{numbers.VOBIZ_API_V1}/account/{client.auth_id}/numbers/{number}/assign-subaccount"
    body = None if sub_account is None else {"sub_account_id": sub_account}
    return client.process_response(method, client.session.request(method, url, json=body, params=query))


def customers(demo, customer, number):
    made = customer.subaccounts.create(
        "Bay Legal", "desk@baylegal.example", 1000, {"calls": True, "cdr": True}, "a long enough secret", phone="+14155550123"
    )
    same((made.sub_account.name, made.sub_account.enabled), ("Bay Legal", True), "a new sub-account")
    one = customer.subaccounts.get(made.sub_account.id)
    same((one.auth_id, one.auth_token), (made.auth_credentials.auth_id, "<redacted>"), "read again")
    same(customer.subaccounts.update(one.auth_id, description="Lawyers").description, "Lawyers", "changed")
    newest = customer.subaccounts.list(page=1, size=1, active_only=True)
    same((newest.sub_accounts[0].auth_id, newest.size), (one.auth_id, 1), "the newest")

    sub = demo.client_of(made.auth_credentials.auth_id, made.auth_credentials.auth_token)
    same(sub.phone_numbers.list().total, 0, "its numbers")
    same(hand(customer, "POST", number, one.auth_id), None, "handed over")
    same([item.e164 for item in sub.phone_numbers.list().items], [number], "its number")
    refused(exceptions.ForbiddenError, "mismatch", "the parent's numbers", sub.accounts.get_balance, customer.auth_id, "USD")
    refused(exceptions.InvalidRequestError, "SUB_ACCOUNT_IN_USE", "in use", customer.subaccounts.delete, one.auth_id)
    same(hand(customer, "DELETE", number), None, "taken back")
    same(customer.subaccounts.delete(one.id).message, "Sub-account deleted successfully", "deleted")
    refused(exceptions.ResourceNotFoundError, "not_found", "gone", customer.subaccounts.get, one.id)


def cool_off(demo, customer):
    admin, refusals = demo.client("admin"), 0
    for number, item in listed(customer).items():
        if item.account_id == customer.auth_id:
            continue
        try:
            hand(customer, "DELETE", number)
        except exceptions.InvalidRequestError as error:
            same(str(error), "did_cool_off_in_effect", "a running cool-off")
            refused(exceptions.ForbiddenError, "forbidden", "forced by nobody", hand, customer, "DELETE", number, force="True")
            same(hand(admin, "DELETE", number, force="True"), None, "forced by an admin")
            refusals += 1
    true(refusals > 0, "the demo has numbers whose cool-off runs")


def release(customer, number):
    same(customer.phone_numbers.release(number), None, "released")
    true(number not in listed(customer), "a released number is not listed")
    refused(exceptions.ForbiddenError, "forbidden", "somebody else's", customer.phone_numbers.release, "+14155550000")


def main():
    with Demo(sys.argv[1]) as demo:
        for module in (accounts, numbers, subaccounts):
            module.VOBIZ_API_V1 = f"{demo.url}/api/v1"
        customer = demo.client("customer")
        profile(demo, customer)
        number = buying(customer)
        paging(customer)
        trunks(customer, number)
        customers(demo, customer, number)
        cool_off(demo, customer)
        release(customer, number)
    print(f"vobiz-python {vobiz.version.__version__}: numbers, inventory, trunks, sub-accounts, balance and transactions are as it expects.")


if __name__ == "__main__":
    main()
