"""The proofs, from the command line: that the register follows from its history, and that the audit is as it was sealed."""

from typing import Annotated

import typer
from tqdm import tqdm

from app.audit import digests
from app.audit import verifying as auditing
from app.audit.verifying import Proof
from app.cli.database import reading
from app.core import clock
from app.core.ranges import ranges
from app.settings import get_settings
from app.verifying import service


def add_to(cli: typer.Typer) -> None:
    cli.command("verify")(verify)
    cli.command("verify-audit")(verify_audit)


def verify() -> None:
    """Prove that the register follows from its history. Ends with 1 and names whatever does not; nothing is changed."""
    wrong = 0
    with reading() as db:
        for result in service.verify(db):
            said = "as they should be" if not result.wrong else f"{result.wrong:,} differences"
            typer.echo(f"{result.words}: {result.number:,} looked at, {said}")
            for difference in result.differences:
                typer.echo(f"  {difference}")
            if result.wrong > len(result.differences):
                typer.echo(f"  and {result.wrong - len(result.differences):,} more")
            wrong += result.wrong
    typer.echo("The audit has a proof of its own: debtor-returns verify-audit")
    typer.echo("Everything is as it should be." if not wrong else f"{wrong:,} differences.")
    raise typer.Exit(1 if wrong else 0)


def verify_audit(
    head: Annotated[
        str | None,
        typer.Option(help="A head of the chain that was noted before: it must still be in it.", metavar="DIGEST"),
    ] = None,
) -> None:
    """Prove that the audit is as it was sealed. Ends with 1 and names the first events that are not; nothing is changed."""
    keys = get_settings().secret_keys
    with reading() as db, tqdm(total=auditing.number_of_sealed(db), unit="event", disable=None) as bar:
        proof = auditing.verify(db, keys, head.strip().lower() if head is not None else None, bar.update)
    for sentence in proof.sentences:
        typer.echo(sentence)
    if proof.wrong > len(proof.sentences):
        typer.echo(f"and {proof.wrong - len(proof.sentences):,} more")
    _tell(proof)
    raise typer.Exit(1 if proof.wrong or proof.waits_long(clock.real_now()) else 0)


def _tell(proof: Proof) -> None:
    if proof.late:
        typer.echo(
            f"Made long after their first event: seals {ranges(proof.late)}. What was done to those events before is not "
            "shown. That is so after a time in which neither service nor worker ran, and when seals were taken away."
        )
    typer.echo(f"{proof.sealed:,} sealed events in {proof.seals:,} seals, {proof.unsealed:,} not sealed yet.")
    if proof.head != digests.START:
        typer.echo(f"Head {proof.seals}: {proof.head}")
    if proof.wrong:
        typer.echo(f"{proof.wrong:,} differences. The audit is not as it was sealed.")
    elif proof.oldest is not None and proof.waits_long(clock.real_now()):
        typer.echo(
            f"Events since {clock.uk_date(proof.oldest)} have no seal, though they get one within a minute while the service "
            "or the worker runs. Either none ran, or seals were taken away: hold the heads in the log against --head."
        )
    else:
        typer.echo("The audit is as it was sealed." + (" The noted head is in it." if proof.noted else ""))
