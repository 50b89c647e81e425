"""How good likeness is on labelled people, and what comparing costs: precision, recall, what is found and what is not."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from statistics import median

from app.debts.comparing import compare_waiting
from app.debts.rules import likeness
from app.debts.rules.keys import CROWD, day_of, keys_of, may_be_one_day
from app.debts.rules.likeness import THRESHOLD, Likeness, Traits
from app.debts.rules.matching import name_match, passport_match
from app.debts.rules.persons import Known, settled
from bench.figures import Figure
from bench.likeness_people import HELD_OUT, TRAIN, Mix, Record, labelled
from bench.upload import Ground, time_of, upload
from bench.workbooks import new_debts

SEEDS = {"train": (1, TRAIN), "held-out": (3, HELD_OUT)}
Pair = tuple[int, int]


@dataclass
class Judged:
    """Debtors that agree exactly (records, by number), and the pairs of them that the queue would show."""

    debtors: list[list[Record]]
    proposed: dict[Pair, Likeness]
    true: set[Pair] = field(default_factory=set)
    joined_wrongly: int = 0

    @property
    def right(self) -> set[Pair]:
        return self.true & self.proposed.keys()

    @property
    def precision(self) -> float:
        return len(self.right) / max(1, len(self.proposed))

    @property
    def recall(self) -> float:
        """Of the pairs of one person, those that the queue brings together: a join is one with all who are joined."""
        root_of = settled(
            map(_label, range(len(self.debtors))), [(_label(one), _label(two)) for one, two in self.right]
        )
        together = [pair for pair in self.true if root_of[_label(pair[0])][0] == root_of[_label(pair[1])][0]]
        return len(together) / max(1, len(self.true))

    @property
    def recall_by_themselves(self) -> float:
        return len(self.right) / max(1, len(self.true))


def figures(people: int) -> list[Figure]:
    """What was tuned on, and people and habits of writing that nobody has tuned on."""
    return [figure for name, (seed, mix) in SEEDS.items() for figure in _figures(name, judged(seed, people, mix))]


def cost(ground: Ground, rows: int) -> Figure:
    """What comparing the new people of a return costs beside its upload."""
    uploads, comparisons = [], []
    for turn in range(3):
        data = new_debts(rows, 6_000_000 + turn * rows)
        with ground.fresh() as database:
            uploads.append(time_of(upload, database, data))
            comparisons.append(time_of(lambda store, _data: compare_waiting(store), database, data))
    name = f"comparing {rows:,} new people afterwards"
    return Figure(name, median(comparisons), "s", "their upload", median(uploads), most=0.5)


def judged(seed: int, people: int, mix: Mix) -> Judged:
    """The labelled set, joined exactly as the register joins, the rest compared as after a posting."""
    debtors = exact_debtors(labelled(seed, people, mix))
    found = Judged(debtors, dict(_proposed(debtors)))
    whose = [Counter(record.person for record in debtor).most_common(1)[0][0] for debtor in debtors]
    found.joined_wrongly = sum(len({record.person for record in debtor}) > 1 for debtor in debtors)
    of_person: dict[int, list[int]] = defaultdict(list)
    for number, person in enumerate(whose):
        of_person[person].append(number)
    found.true = {pair for numbers in of_person.values() for pair in combinations(numbers, 2)}
    return found


def exact_debtors(records: Sequence[Record]) -> list[list[Record]]:
    """Groups of records as the register places them; two that a record bridges are one."""
    known, members = Known(), dict[str, list[Record]]()
    for number, record in enumerate(records):
        name, passport = name_match(record), passport_match(record)
        found = known.same_person(name, passport)
        own = found[0] if found else f"{number:08d}"
        members.setdefault(own, []).append(record)
        known.add(name, passport, own)
        for _, other in known.bridged(name, passport, own, found):
            members[own] += members.pop(other, [])
            for moved in members[own]:
                known.add(name_match(moved), passport_match(moved), own)
    return [members[label] for label in sorted(members) if members[label]]


def _proposed(debtors: Sequence[Sequence[Record]]) -> Iterator[tuple[Pair, Likeness]]:
    described = [set(map(likeness.traits, debtor)) for debtor in debtors]
    sure: dict[int, set[int]] = defaultdict(set)
    of_name: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for number, descriptions in enumerate(described):
        for traits in descriptions:
            own = keys_of(traits)
            for key in own.sure:
                sure[key].add(number)
            for key in own.of_name:
                of_name[key].add((number, day_of(traits.born)))
    pairs = {pair for found in sure.values() if len(found) <= CROWD for pair in combinations(sorted(found), 2)}
    for found in of_name.values():
        for (one, mine), (other, theirs) in combinations(sorted(found), 2) if len(found) <= CROWD else ():
            if one != other and may_be_one_day(mine, theirs):
                pairs.add((one, other))
    for one, other in sorted(pairs):
        best = max(_likenesses(described[one], described[other]), key=lambda each: each.score)
        if best.score >= THRESHOLD:
            yield (one, other), best


def _label(number: int) -> str:
    return f"{number:08d}"


def _likenesses(some: set[Traits], others: set[Traits]) -> list[Likeness]:
    return [likeness.compare(one, other) for one in some for other in others]


def _figures(name: str, found: Judged) -> Iterator[Figure]:
    yield Figure(f"likeness, {name}: wrongly proposed", 100 * (1 - found.precision), "% of pairs", most_itself=1)
    yield Figure(f"likeness, {name}: not proposed", 100 * (1 - found.recall), "% of pairs", most_itself=6)
    yield Figure(f"  {name}: not proposed by themselves, only through others", 100 * (1 - found.recall_by_themselves),
                 "% of pairs")  # fmt: skip
    yield Figure(f"  {name}: pairs proposed", len(found.proposed), "pairs", "true pairs", len(found.true))
    yield Figure(f"  {name}: debtors joined exactly that are two people", found.joined_wrongly, "debtors")
    for what, (right, all_) in sorted(missed(found).items(), key=lambda each: each[1][0] / each[1][1]):
        yield Figure(f"  {name}: missed where {what}", 100 * (1 - right / all_), "% of pairs")


def missed(found: Judged) -> dict[str, tuple[int, int]]:
    """For each thing that happened to records: how many of the true pairs in which it did were found, and how many are."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for pair in found.true:
        told = {what for number in pair for record in found.debtors[number] for what in record.told}
        for what in told or {"nothing"}:
            counts[what][0] += pair in found.proposed
            counts[what][1] += 1
    return {what.replace("_", " "): (right, all_) for what, (right, all_) in counts.items()}
