"""Conditions for database triggers."""

from functools import reduce
from operator import or_

import pgtrigger


def changed(*fields: str) -> pgtrigger.Q:
    """True where an update changes any of the fields."""
    return reduce(or_, (pgtrigger.Q(**{f"old__{field}__df": pgtrigger.F(f"new__{field}")}) for field in fields))


def frozen_with_revision() -> pgtrigger.Trigger:
    """Refuses to write a row of a revision that is signed, into one, or out of one."""
    return pgtrigger.Trigger(
        name="signed_frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
    IF EXISTS (
        SELECT 1 FROM reporting_revision r WHERE r.signed_at IS NOT NULL
        AND r.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.revision_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.revision_id END)
    ) THEN
        RAISE EXCEPTION 'a signed revision does not change' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
    """,
    )
