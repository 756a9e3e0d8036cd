//! Brings a value to its consumer, has it taken up, and looks whether the consumer is well.

mod formats;
mod template;
