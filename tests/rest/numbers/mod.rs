//! `/numbers` and `/orders`.

mod read;
