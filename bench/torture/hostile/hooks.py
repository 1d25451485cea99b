"""Skips cases against rules that the document states in words, because no schema can express them."""

from datetime import date, timedelta

import schemathesis
from hypothesis import strategies

# A birthday must not be in the future in UTC, whatever the time zone of this machine.
yesterday = date.today() - timedelta(days=1)
schemathesis.openapi.format("date", strategies.dates(max_value=yesterday).map(str))


@schemathesis.hook
def filter_case(context, case):
    query = case.query if isinstance(case.query, dict) else {}
    # A key belongs to one body, and a tag to one state of a customer.
    sent = {name.lower() for name in case.headers or {}}
    if sent & {"idempotency-key", "if-match"}:
        return False
    # A cursor comes only from an answer, and `next` is a whole URL.
    if "cursor" in query:
        return False
    if query.get("sort_by") == "relevance" and not query.get("search"):
        return False
    # The optimized server serves page numbers up to row 10 000.
    if str(query.get("page", "")).isdigit() and int(query["page"]) > 100:
        return False
    body = case.body if isinstance(case.body, dict) else {}
    # A partial address is valid only if the customer has an address.
    address = body.get("address")
    if case.method == "PATCH" and isinstance(address, dict):
        return {"country", "city", "city_code"} <= set(address)
    return True
