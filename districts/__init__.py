"""People and the districts they work for: users, memberships, bureau roles, grants, and the mail sent to them."""
