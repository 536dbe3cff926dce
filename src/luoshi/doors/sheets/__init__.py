"""Spreadsheets in and out: messages, subjects and reported figures, told before they are taken."""
