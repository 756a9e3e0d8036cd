//! What goes out, against servers on this computer that lie, stall and lead astray.

mod addresses;
mod answers;
mod certificates;
mod dial;
mod faults;
mod server;
