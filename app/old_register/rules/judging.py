"""The rows of one trust and its predecessors together: doubles, what is known, small debts; then what becomes of each."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from app.core.money import in_words
from app.debts.held import KnownDebt
from app.debts.rules.matching import fold_name, same_invoice_same_person
from app.debts.rules.totals import Owed, PersonTotals
from app.old_register.rules.findings import concluded, continued, found
from app.old_register.rules.targets import ON_THE_INDEX, ORGANISATION
from app.old_register.rules.understanding import FLAGGED, IN_DOUBT, NO_GIVEN_NAMES, Fate, Verdict
from app.policy.tables import Policy
from app.return_template.choices import OPEN_STATUSES
from app.returns.rules import together
from app.returns.rules.engine import Severity
from app.returns.rules.row import Row


@dataclass(frozen=True)
class Known:
    """What the register holds of these rows: debts by organisation and number, newest first, and what their persons owe."""

    debts: Mapping[tuple[str, str], Sequence[KnownDebt]] = field(default_factory=dict)
    owed: Sequence[Owed] = ()


def judge(verdicts: Sequence[Verdict], known: Known, policy: Policy) -> None:
    """Says of each row whether it is loaded, held, rejected or known, and tells the consequence in its findings."""
    new = [verdict for verdict in verdicts if not _is_known(verdict, known, policy)]
    by_organisation = defaultdict(list)
    for verdict in new:
        by_organisation[verdict.organisation].append(verdict)
    for of_one in by_organisation.values():
        repeats = together.stands_once([verdict.row for verdict in of_one])
        _take_flags_over(of_one, repeats)
        for verdict in of_one:
            verdict.unusable |= "R12" in verdict.row.codes()
    _reach_the_threshold(new, known, policy)
    for verdict in new:
        _decide(verdict)
    _mark_small(new, known, policy)


def unknown_organisation(verdict: Verdict, text: str, suggestion: str | None) -> None:
    hint = f" Did you mean {suggestion}?" if suggestion else ""
    words = f"{{value}} is not an organisation that we know.{hint} Enter its code." if text else "this is missing."
    found(verdict.row, "I01", Severity.REJECTED, ORGANISATION, words, text or None)
    verdict.unusable = True


def _is_known(verdict: Verdict, known: Known, policy: Policy) -> bool:
    """The same number at the same trust for the same person. For a different person it cannot be loaded."""
    row = verdict.row
    debts = known.debts.get((verdict.organisation or "", row.invoice_number or ""), ())
    held = next((debt for debt in debts if _is_of(row, debt, policy)), None)
    if held is not None:
        verdict.fate, verdict.known_as = Fate.KNOWN, held.id
        verdict.on &= held.import_id is None  # the loading by which it came told its flag
        row.findings.clear()
        found(row, "I02", Severity.WARNING, "invoice_number",
              f"this debt is in the register already as {held.reference}, which is left as it is.")  # fmt: skip
    elif debts and row.family_name is not None:
        found(row, "I09", Severity.REJECTED, "family_name",
              f"{{value}} is not the person of {debts[0].reference}, which has this invoice number in the register. "
              "Correct the number or the person.", row.family_name)  # fmt: skip
        verdict.unusable = True
    return held is not None


def _is_of(row: Row, debt: KnownDebt, policy: Policy) -> bool:
    """As R16 compares: what the row lacks agrees with nothing. Without given names, family name and birthday have to do."""
    if row.family_name is None:
        return False
    single = row.given_names == NO_GIVEN_NAMES and row.date_of_birth == debt.date_of_birth
    if single and fold_name(row.family_name) == fold_name(debt.family_name or ""):
        return True
    return same_invoice_same_person(debt, row, policy.numbers.names_alike_percent)


def _take_flags_over(verdicts: Sequence[Verdict], repeats: Collection[int]) -> None:
    """Rows alike are one debt: the one that counts carries its flag, whichever of them says that it is on."""
    counting: dict[str | None, Verdict] = {}
    for verdict in verdicts:
        if verdict.row.number not in repeats:
            counting.setdefault(verdict.row.invoice_number, verdict)
            continue
        first = counting[verdict.row.invoice_number]
        if verdict.on and not first.on:
            first.on, first.flag = True, verdict.flag
            at = next(at for at, finding in enumerate(verdict.row.findings) if finding.code == "R12")
            continued(verdict.row.findings, at, "Its flag on the Warnings Index is taken over.")
        verdict.on = False


def _reach_the_threshold(verdicts: Sequence[Verdict], known: Known, policy: Policy) -> None:
    """R09 by what was invoiced: a debt that was large enough once stays reportable, however much of it is paid."""
    counted = [one for one in verdicts if not one.unusable and not set(one.doubts) - {"R10"} and _is_open(one)]
    invoiced = [_owed(one, one.row.invoice_amount or 0) for one in counted]
    totals = PersonTotals([*known.owed, *invoiced])
    for one, debt in zip(counted, invoiced, strict=True):
        threshold = policy.threshold_on(one.row.invoice_date) if one.row.invoice_date else 0
        if (total := totals.total_with(debt)) < threshold:
            words = (
                f"{{value}} is all that this trust invoiced this person; debts are reported from {in_words(threshold)}."
            )
            found(one.row, "R09", Severity.REJECTED, "invoice_amount", words, in_words(total))
            one.doubts.append("R09")


def _decide(verdict: Verdict) -> None:
    findings = verdict.row.findings
    first = next((at for at, finding in enumerate(findings) if finding.severity == Severity.REJECTED), 0)
    if verdict.unusable:
        verdict.fate = Fate.REJECTED
        if verdict.on:
            continued(findings, first, "Its flag on the Warnings Index stays on: mend the row and load it with --again, "
                                       "or take the flag off by hand.")  # fmt: skip
    elif verdict.doubts:
        verdict.fate = Fate.HELD if verdict.on else Fate.REJECTED
        first = next(at for at, finding in enumerate(findings) if finding.code in IN_DOUBT)
        concluded(findings, first, "It is loaded held, so that its flag on the Warnings Index is taken off."
                                   if verdict.on else "It is not loaded.")  # fmt: skip
    elif verdict.on and verdict.row.status not in FLAGGED:
        found(verdict.row, "I07", Severity.WARNING, ON_THE_INDEX, "the status says that it should not be: the flag is "
                                                                  "taken off.")  # fmt: skip


def _mark_small(verdicts: Sequence[Verdict], known: Known, policy: Policy) -> None:
    """Who owes less than the threshold by now."""
    loaded = [one for one in verdicts if one.fate in (Fate.LOADED, Fate.HELD) and _is_open(one)]
    left = [_owed(one, one.row.amount_outstanding or 0) for one in loaded]
    totals = PersonTotals([*known.owed, *left])
    for one, debt in zip(loaded, left, strict=True):
        if one.row.invoice_date is not None:
            one.below_threshold = totals.total_with(debt) < policy.threshold_on(one.row.invoice_date)


def _is_open(verdict: Verdict) -> bool:
    return verdict.row.status in OPEN_STATUSES


def _owed(verdict: Verdict, pence: int) -> Owed:
    return Owed(f"row {verdict.row.number}", verdict.row.name_match, verdict.row.passport_match, pence)
