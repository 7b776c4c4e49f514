//! All local SQL: rows to domain types, outbox, projections, audit chain, migrations.
