"""How mails leave the outbox: a small interface, three channels behind it, and the sending that survives what happens."""
