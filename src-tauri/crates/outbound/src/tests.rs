//! The client against servers on this computer that lie, stall and lead astray.

mod addresses;
mod answers;
mod certificates;
mod faults;
mod server;
