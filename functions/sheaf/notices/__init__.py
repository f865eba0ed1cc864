"""What people are told: unread until somebody has read it, for everybody or for some roles."""
