"""E-mail: a mailbox is read, and what is in it becomes a report, an answer or a verdict; what
happens to a report is told by mail to whoever left nothing else. docs/mail.md is for operators."""
