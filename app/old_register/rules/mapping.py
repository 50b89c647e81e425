"""Which column of the old register is which of ours: recognised, given, proposed; and the words when something is missing."""

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process, utils

from app.core.errors import Refused
from app.core.spreadsheet.headings import heading_key
from app.old_register.rules.targets import AMOUNTS, BY_WORD, JOINED, LABELS, LEFT_OUT, MANDATORY, WORDS
from app.return_template.columns import OUR_HEADINGS

Columns = Mapping[str, str]
_ALIKE = 80  # per cent from which a heading is proposed, never taken without being asked
_OURS = frozenset(heading_key(heading) for heading in OUR_HEADINGS)
_EVERY_WORD = {word: key for key, words in WORDS.items() for word in words}


def recognised(headings: Sequence[str], given: Columns) -> dict[str, str]:
    """Columns by heading: those given, and the headings that say what they are. Raises Refused (422).

    Where two headings could be the same column, the one with the better word is it.
    """
    by_key = {heading_key(heading): heading for heading in headings if heading}
    found = {by_key[heading_key(heading)]: target for heading, target in _checked(by_key, given).items()}
    taken = {target for target in found.values() if target not in JOINED}
    left = [heading for key, heading in by_key.items() if heading not in found and key not in _OURS]
    for heading in sorted((each for each in left if heading_key(each) in BY_WORD), key=_rank):
        target = BY_WORD[heading_key(heading)][0]
        if target not in taken:
            found[heading] = target
            taken |= {target} - JOINED
    _stands_once(headings, found)
    return {heading: found[heading] for heading in headings if found.get(heading, LEFT_OUT) != LEFT_OUT}


def proposed(heading: str, taken: Iterable[str]) -> str | None:
    """The column that a heading comes nearest to; none when that one is taken, rather than the next best."""
    nearest = process.extractOne(
        heading, _EVERY_WORD.keys(), scorer=fuzz.token_sort_ratio, processor=utils.default_process, score_cutoff=_ALIKE
    )
    target = _EVERY_WORD[nearest[0]] if nearest else None
    return None if target in {each for each in taken if each not in JOINED} else target


def target_of(text: str) -> str | None:
    """The column that somebody names by its key or its label; `-` for none."""
    if text.strip() == LEFT_OUT:
        return LEFT_OUT
    return next(
        (key for key, label in LABELS.items() if heading_key(text) in (heading_key(key), heading_key(label))), None
    )


def missing(columns: Columns) -> list[str]:
    """The labels of what must be there and is not."""
    there = set(columns.values())
    lacking = [LABELS[key] for key in MANDATORY if key not in there]
    return lacking if there & set(AMOUNTS) else [*lacking, " or ".join(LABELS[key] for key in AMOUNTS)]


def check_whole(headings: Sequence[str], columns: Columns) -> None:
    """Raises Refused (422) in one sentence that says what is missing, which headings are left and how to name them."""
    if not (lacking := missing(columns)):
        return
    left = [heading for heading in headings if heading and heading not in columns]
    hints = [f'"{heading}={near}"' for heading in left if (near := proposed(heading, columns.values()))]
    like = f", perhaps --map {' --map '.join(hints[:5])}" if hints else ', like --map "Trust=organisation"'
    named = f"its other headings are {_quoted(left)}" if left else "it has no other headings"
    raise Refused(
        f"No column of this file is known to be {', '.join(lacking)}; {named}: say which is which with --map or "
        f"--mapping{like}."
    )


def from_pairs(pairs: Iterable[str]) -> dict[str, str]:
    """`Trust=organisation` from the command line. Raises Refused (422)."""
    given = {}
    for pair in pairs:
        heading, equals, target = pair.rpartition("=")
        if not equals or not heading.strip():
            raise Refused(f'"{pair}" is not a heading and a column. Write it like --map "Trust=organisation".')
        given[heading.strip()] = target.strip()
    return given


def from_text(text: str, name: str) -> dict[str, str]:
    """The same from a JSON or TOML file of headings and columns. Raises Refused (422)."""
    try:
        found = tomllib.loads(text) if name.lower().endswith(".toml") else json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(target, str) for target in found.values()):
        raise Refused(
            f'{name} is not a mapping. Write JSON such as {{"Trust": "organisation"}}, or TOML such as '
            '"Trust" = "organisation".'
        )
    return found


def to_text(columns: Columns, name: str) -> str:
    """What `from_text` reads."""
    if not name.lower().endswith(".toml"):
        return json.dumps(dict(columns), ensure_ascii=False, indent=2) + "\n"
    return "".join(f"{json.dumps(heading)} = {json.dumps(target)}\n" for heading, target in columns.items())


def _checked(by_key: Columns, given: Columns) -> dict[str, str]:
    checked = {}
    for heading, named in given.items():
        if heading_key(heading) not in by_key:
            raise Refused(f'This file has no heading "{heading}". Its headings are {_quoted(list(by_key.values()))}.')
        if (target := target_of(named)) is None:
            raise Refused(f'"{named}" is none of our columns. They are {", ".join(LABELS)}, and - to leave one out.')
        checked[heading] = target
    return checked


def _stands_once(headings: Sequence[str], found: Columns) -> None:
    times = Counter(heading_key(heading) for heading in headings)
    double = [heading for heading, target in found.items() if target != LEFT_OUT and times[heading_key(heading)] > 1]
    if double:
        raise Refused(f"These headings stand twice: {_quoted(double)}. Name each column differently and try again.")
    several = [
        target for target, count in Counter(found.values()).items() if count > 1 and target not in (*JOINED, LEFT_OUT)
    ]
    if several:
        raise Refused(f"Two columns were named for {LABELS[several[0]]}. Name the one that is right.")


def _rank(heading: str) -> int:
    return BY_WORD[heading_key(heading)][1]


def _quoted(headings: Sequence[str]) -> str:
    shown = ", ".join(f'"{heading}"' for heading in headings[:40])
    return shown + (" and more" if len(headings) > 40 else "")
