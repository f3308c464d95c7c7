#!/usr/bin/env python3
"""Makes data/nanp.csv: which city each area code and exchange of the United States and Canada belongs to.

The source is the English geocoding data in the PyPI package `phonenumbers` (Apache-2.0), in the version named below:

    python3 -m venv /tmp/nanp && /tmp/nanp/bin/pip install phonenumbers==9.0.43
    /tmp/nanp/bin/python scripts/make_nanp.py

The result depends on that package and on data/fixed.csv alone, so running it again gives the same bytes. It does not make
telephone numbers: the demo does that, out of this table. Every rule that drops or changes a row is described in data/README.md.
"""

import csv
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import phonenumbers
from phonenumbers.geodata import GEOCODE_DATA

EXPECTED_PACKAGE = "9.0.43"
DATA = Path(__file__).resolve().parent.parent / "data"
HEADER = ["npa", "locality", "administrative_area", "rate_center", "country", "nxx_list"]
COUNTRIES = ("US", "CA")

# Second and third digit 11 is a service code (911), and a middle 9 is kept for longer numbers to come.
AREA_CODE = re.compile(r"[2-9](?!11)[0-8][0-9]")
EXCHANGE = re.compile(r"[2-9](?!11)[0-9]{2}")
# Information and fiction, carrier access, two test exchanges, pay per call: nobody is given a number there.
NEVER_SOLD = {"555", "950", "958", "959", "976"}

# The one place that the source writes without a comma.
PLACES = {"Washington D.C.": ("Washington", "DC")}
# The source puts 934 into New York City; it serves Suffolk County on Long Island, whose towns it does not name.
WRONG_AREA_CODES = {"934"}
# One city all over, and so full that each of them got an overlay: every exchange is in use.
FULL_AREA_CODES = {"202", "210", "212", "213", "312", "773"}
# Other codes that are one city all over are young overlays; a part of their exchanges stands in for those opened so far.
YOUNG_CODE_STEP = 4
# A state that fewer of an area code's places name than this is a slip (201 is New Jersey, not New York).
SMALLEST_STATE_SHARE = 0.05

SHORTENED_WORDS = {
    "Bch": "Beach", "Cnsqncs": "Consequences", "Ct": "Court", "Fls": "Falls", "Hs": "House", "Hse": "House",
    "Hts": "Heights", "Jct": "Junction", "Jn": "Juan", "Mls": "Mills", "Mt": "Mount", "N": "North",
    "Slphr": "Sulphur", "Spgs": "Springs", "Twp": "Township", "Vly": "Valley", "township": "Township",
}
RENAMED = {
    "Bainbridge Isle": "Bainbridge Island",
    "Hilton Head Isle": "Hilton Head Island",
    "Miss State": "Mississippi State",
}
RATE_CENTER_LENGTH = 10


def clean_locality(text):
    """The city alone: without the street or district that the source puts before it, and with shortened words written out."""
    city = text.rsplit(", ", 1)[-1].replace("- ", "-")
    city = " ".join(SHORTENED_WORDS.get(word, word) for word in city.split())
    return RENAMED.get(city, city)


def rate_center(locality):
    """Synthetic: capital letters without accents and punctuation, vowels dropped from the right until 10 characters are left.

    The first letter stays. What is still longer without vowels is cut.
    """
    text = locality.upper().replace("Œ", "OE").replace("Æ", "AE")
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    text = re.sub(r"[^A-Z0-9 ]", "", text.replace("-", " "))
    letters = list(re.sub(r" +", " ", text).strip())
    position = len(letters) - 1
    while len(letters) > RATE_CENTER_LENGTH and position > 0:
        if letters[position] in "AEIOU":
            del letters[position]
        position -= 1
    return "".join(letters)[:RATE_CENTER_LENGTH].strip()


def place_of(description):
    """(locality, state or province), or None where only the state is known."""
    if description in PLACES:
        return PLACES[description]
    locality, comma, area = description.rpartition(", ")
    if not comma or not re.fullmatch(r"[A-Z]{2}", area):
        return None
    return clean_locality(locality), area


def country_of(area_code):
    """The ISO country that the package's metadata gives the area code."""
    sample = phonenumbers.PhoneNumber(country_code=1, national_number=int(area_code + "2345678"))
    return phonenumbers.region_code_for_number(sample)


def english_prefixes():
    """Digits after the 1 (three to six of them) -> description."""
    return {
        prefix[1:]: texts["en"]
        for prefix, texts in GEOCODE_DATA.items()
        if prefix.startswith("1") and 4 <= len(prefix) <= 7 and "en" in texts
    }


def is_exchange(text):
    return EXCHANGE.fullmatch(text) is not None and text not in NEVER_SOLD


def exchanges_of(area_code, prefixes):
    """Exchange -> place for one area code; the longest prefix decides, as in the source."""
    found = {}
    area_wide = []
    for exchange in (f"{number:03}" for number in range(200, 1000)):
        if not is_exchange(exchange):
            continue
        digits = area_code + exchange
        prefix = next((digits[:length] for length in (6, 5, 4, 3) if digits[:length] in prefixes), None)
        place = place_of(prefixes[prefix]) if prefix else None
        if place is None:
            continue
        if len(prefix) == 3:
            area_wide.append((exchange, place))
        else:
            found[exchange] = place
    step = 1 if area_code in FULL_AREA_CODES else YOUNG_CODE_STEP
    found.update(area_wide[::step])
    return found


def without_slips(found):
    """Drops the places whose state hardly occurs in their area code."""
    states = Counter(area for _, area in found.values())
    return {
        exchange: place
        for exchange, place in found.items()
        if states[place[1]] >= SMALLEST_STATE_SHARE * len(found)
    }


def read_table():
    """(area code, exchange) -> (locality, area), in the countries of the demo."""
    prefixes = english_prefixes()
    table = {}
    for area_code in sorted({prefix[:3] for prefix in prefixes}):
        if not AREA_CODE.fullmatch(area_code) or area_code in WRONG_AREA_CODES:
            continue
        if country_of(area_code) not in COUNTRIES:
            continue
        for exchange, place in without_slips(exchanges_of(area_code, prefixes)).items():
            table[area_code, exchange] = place
    return table


def add_fixed_numbers(table):
    """Adds the exchanges of the fixed demo numbers that the source does not name, and checks the others against it.

    Returns the numbers whose exchange was added.
    """
    added = []
    with open(DATA / "fixed.csv", encoding="utf-8", newline="") as file:
        local_rows = [row for row in csv.DictReader(file) if row["number_type"] == "local"]
    for row in local_rows:
        number = row["e164"]
        key = number[2:5], number[5:8]
        place = row["locality"], row["administrative_area"]
        center = rate_center(row["locality"])
        if not (re.fullmatch(r"\+1[0-9]{10}", number) and AREA_CODE.fullmatch(key[0]) and is_exchange(key[1])):
            sys.exit(f"data/fixed.csv: {number} cannot exist")
        if row["rate_center"] != center:
            sys.exit(f"data/fixed.csv: the rate center of {number} should be {center}")
        if key not in table:
            table[key] = place
            added.append(number)
        elif table[key] != place:
            sys.exit(f"data/fixed.csv: {number} is in {', '.join(table[key])}")
    return added


def write_table(table):
    """One line for each city of each area code, with all its exchanges."""
    groups = defaultdict(list)
    for (area_code, exchange), place in table.items():
        groups[area_code, place].append(exchange)
    with open(DATA / "nanp.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for (area_code, (locality, area)), exchanges in sorted(groups.items()):
            center = rate_center(locality)
            writer.writerow([area_code, locality, area, center, country_of(area_code), " ".join(sorted(exchanges))])
    return len(groups)


def main():
    if phonenumbers.__version__ != EXPECTED_PACKAGE:
        print(f"note: phonenumbers {phonenumbers.__version__}, the table in the repository is from {EXPECTED_PACKAGE}")
    table = read_table()
    added = add_fixed_numbers(table)
    lines = write_table(table)
    print(f"data/nanp.csv: {lines} lines, {len(table)} exchanges, {len({key[0] for key in table})} area codes")
    print(f"exchanges added for fixed numbers: {' '.join(added) or 'none'}")


if __name__ == "__main__":
    main()
