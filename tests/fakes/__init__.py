"""Other people's servers, written once and as close to the real ones as the tests need."""
