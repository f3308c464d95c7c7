#!/usr/bin/env python3
"""Makes data/words.txt: the English words that a number may spell, most useful first.

The source is SCOWL (Spell Checker Oriented Word Lists, 2020.12.07; its licence is data/LICENSE-scowl.txt), as Debian's
package `scowl` brings it:

    apt-get download scowl && dpkg -x scowl_*.deb /tmp/scowl
    python3 scripts/make_words.py /tmp/scowl/usr/share/dict/scowl

Beside this script, words_first.txt names the words that open the list and words_never.txt those that may not be in it.
Running it again gives the same bytes.
"""

import re
import sys
import unicodedata
from fnmatch import fnmatchcase
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent
TARGET = SCRIPTS.parent / "data" / "words.txt"

# SCOWL's sizes tell how common a word is: 10 holds the most common ones. With each, the longest word taken from it:
# rarer words are worth having only where they fit into the seven digits behind an area code.
SIZES = {10: 10, 20: 10, 35: 7}
# Lower case only: proper names and abbreviations are in other files of SCOWL (`upper`, `proper-names`, `abbreviations`).
CATEGORIES = ("english-words", "american-words")
SHORTEST, LONGEST = 3, 10
FEWEST_WORDS = 8_000


def listed(name):
    """The words of one of the two lists beside this script, comments left out."""
    lines = (SCRIPTS / name).read_text(encoding="ascii").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def plain(word):
    """`café` as `CAFE`; None for what is not one lower-case word (contractions, names, hyphens, no vowel)."""
    if not word.isalpha() or not word.islower():
        return None
    text = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode("ascii").upper()
    return text if re.search("[AEIOUY]", text) else None


def scowl_words(folder, size, longest):
    """The words of one size, in alphabetical order."""
    found = set()
    for category in CATEGORIES:
        for line in (folder / f"{category}.{size}").read_text(encoding="latin-1").splitlines():
            word = plain(line.strip())
            if word and SHORTEST <= len(word) <= longest:
                found.add(word)
    return sorted(found)


class Exclusions:
    """The words of words_never.txt, with and without `*`."""

    def __init__(self):
        patterns = [pattern.upper() for pattern in listed("words_never.txt")]
        self.exact = {pattern for pattern in patterns if "*" not in pattern}
        self.open = [pattern for pattern in patterns if "*" in pattern]

    def __contains__(self, word):
        return word in self.exact or any(fnmatchcase(word, pattern) for pattern in self.open)


def main():
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} <folder with english-words.10 and the others of SCOWL>")
    folder = Path(sys.argv[1])
    never = Exclusions()
    first = listed("words_first.txt")
    for word in first:
        if not re.fullmatch(f"[A-Z]{{{SHORTEST},{LONGEST}}}", word) or word in never:
            sys.exit(f"words_first.txt: {word} may not be in the list")
    ordered = dict.fromkeys(first)
    print(f"first: {len(ordered)} words")
    excluded = set()
    for size, longest in SIZES.items():
        before = len(ordered)
        words = scowl_words(folder, size, longest)
        excluded.update(word for word in words if word in never)
        ordered.update(dict.fromkeys(word for word in words if word not in never))
        print(f"size {size}: {len(ordered) - before} words more")
    if len(ordered) < FEWEST_WORDS:
        sys.exit(f"only {len(ordered)} words: is {folder} the whole of SCOWL?")
    TARGET.write_text("".join(f"{word}\n" for word in ordered), encoding="ascii", newline="\n")
    print(f"data/words.txt: {len(ordered)} words, {len(excluded)} left out on purpose")


if __name__ == "__main__":
    main()
