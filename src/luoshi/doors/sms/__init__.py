"""Text messages: what a gateway hands in becomes a report, an answer or a verdict; what happens to
a report is told to whoever sent it. docs/sms.md is the contract with gateways."""
