"""Who hears of a return that was sent: a receipt for its sender, and rows to mend for everybody who reports there."""

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts import writing
from app.accounts.access import Actor
from app.accounts.models import User
from app.core import outbox
from app.organisations import service as organisations
from app.returns import letters
from app.returns.models import OpenRow, Return

RECEIPT, ROWS = "receipt", "rows"


def tell(db: Session, actor: Actor, return_: Return) -> None:
    """Writes the mails, in the transaction of the return. Nobody hears of what is loaded from the past."""
    if not actor.sends_mail:
        return
    code = return_.organisation_code
    open_rows = select(func.count()).where(col(OpenRow.return_id) == return_.id, col(OpenRow.closed_at).is_(None))
    about = letters.About(
        return_,
        f"{organisations.names(db, [code])[code]} ({code})",
        db.execute(open_rows).scalar_one(),
        writing.link(f"/returns/{return_.id}"),
        writing.sign_off(db, code),
    )
    if (sender := db.get(User, actor.id)) is not None:
        letter = letters.receipt(about)
        once = f"{RECEIPT}:{return_.id}"
        outbox.put(db, sender.email, letter.subject, letter.body, RECEIPT, once=once, about=code)
    if about.to_mend:
        writing.write_to_officers(db, code, letters.rows_to_mend(about), ROWS, return_.id)
