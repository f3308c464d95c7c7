#!/usr/bin/env python3
"""Makes public/icons.svg, the sprite of all icons, out of the folder of an unpacked lucide-static.

    npm pack lucide-static@1.62.0 && tar xzf lucide-static-1.62.0.tgz
    scripts/make_icons.py package

The list of names below is the list of icons that `Icon` may be asked for; a name that lucide lacks stops the script.
"""

import pathlib
import re
import sys

VERSION = "1.62.0"
NAMES = """
alarm-clock arrow-down arrow-down-left arrow-down-up arrow-left arrow-right arrow-up arrow-up-down arrow-up-right badge-check ban
banknote bell book-open bookmark bot box building building-2 calendar calendar-clock calendar-sync check check-check chevron-down
chevron-left chevron-right chevron-up chevrons-left chevrons-right chevrons-up-down circle circle-alert circle-arrow-up circle-check circle-dashed
circle-dollar-sign circle-dot circle-minus circle-pause circle-plus circle-question-mark circle-slash circle-user circle-x clipboard clock cog
columns-3 copy corner-down-left corner-up-left credit-card database dollar-sign download ellipsis ellipsis-vertical external-link eye eye-off
fast-forward file-text filter flag flask-conical folder-tree gauge gift globe grab grip-vertical hand hand-grab handshake hash headphones
headset history hourglass house id-card import inbox info kanban key-round keyboard landmark layers layout-grid life-buoy link list
list-filter list-plus list-tree loader-circle lock lock-open log-in log-out mail mail-plus map map-pin menu message-square minus monitor moon
move move-horizontal network octagon-alert octagon-x package package-check package-open panel-left pause pencil pencil-line percent phone phone-call
phone-forwarded phone-incoming phone-missed phone-off phone-outgoing piggy-bank play plug plug-zap plus printer radio receipt
receipt-text refresh-ccw refresh-cw repeat rotate-ccw rotate-cw route save scan-search scroll-text search search-x send server settings
shield shield-alert shield-ban shield-check shield-question-mark shield-x shopping-cart siren sliders-horizontal snowflake sparkles split
square-check square-pen star sun sun-moon table tag target text-cursor-input timer timer-off timer-reset toggle-left toggle-right
trash-2 trending-down trending-up triangle-alert undo-2 unfold-horizontal unfold-vertical unlink unplug upload user user-check user-cog user-minus user-plus user-round
user-x users volume-2 volume-x wallet wallet-cards wallet-minimal webhook wifi-off workflow wrench x zap
""".split()

HEADER = f"""<svg xmlns="http://www.w3.org/2000/svg">
<!-- Lucide {VERSION}, ISC licence, see public/README.md. Made by scripts/make_icons.py. -->
"""
ATTRIBUTES = (
    'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'
)


def symbol(folder: pathlib.Path, name: str) -> str:
    """One icon as a symbol, without comments and line ends."""
    source = (folder / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    shapes = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
    if shapes is None:
        sys.exit(f"{name}.svg holds no svg element")
    drawing = re.sub(r"\s*/>", "/>", re.sub(r"\s*\n\s*", "", shapes.group(1)))
    return f'<symbol id="{name}" {ATTRIBUTES}>{drawing}</symbol>\n'


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    missing = [name for name in NAMES if not (folder / "icons" / f"{name}.svg").is_file()]
    if missing:
        sys.exit(f"lucide-static {VERSION} has no {' '.join(missing)}")
    target = pathlib.Path(__file__).resolve().parent.parent / "public" / "icons.svg"
    target.write_text(HEADER + "".join(symbol(folder, name) for name in sorted(NAMES)) + "</svg>\n", encoding="utf-8")
    print(f"{target}: {len(NAMES)} icons")


if __name__ == "__main__":
    main()
