"""What receipts may pay, proposed from what is open, and booked by itself where that is wanted."""
