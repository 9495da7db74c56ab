"""The audit trail: sealed into chains, verified, shown to auditors, removed when its time is up."""
