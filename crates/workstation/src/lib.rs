//! The workstation's use cases: authorise, audit, act; the sync driver.
