//! Keys: KDF, key slots, OS keychain, lock; opens the SQLCipher file.
