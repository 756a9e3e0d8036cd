//! What comes at the same time is done together, on a thread of its own: so many wait for one disk together
//! instead of one after the other.

use std::{
    io,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
};

use futures_channel::oneshot;

/// So much is done together at most.
const MOST: usize = 64;

type Waiting<J, O> = (J, oneshot::Sender<O>);

/// The way to such a thread, which ends with it.
pub(super) struct Together<J, O>(Sender<Waiting<J, O>>);

impl<J: Send + 'static, O: Send + 'static> Together<J, O> {
    /// `work` gives an outcome for each job, in their order.
    pub(super) fn on_a_thread(
        name: &str,
        work: impl Fn(&[J]) -> Vec<O> + Send + 'static,
    ) -> io::Result<Self> {
        let (jobs, waiting) = channel();
        thread::Builder::new().name(name.into()).spawn(move || do_all(&waiting, &work))?;
        Ok(Self(jobs))
    }

    /// What came of a job; nothing when the thread has ended.
    pub(super) async fn done(&self, job: J) -> Option<O> {
        let (tell, told) = oneshot::channel();
        self.0.send((job, tell)).ok()?;
        told.await.ok()
    }
}

fn do_all<J, O>(waiting: &Receiver<Waiting<J, O>>, work: &dyn Fn(&[J]) -> Vec<O>) {
    while let Ok(first) = waiting.recv() {
        let more = waiting.try_iter().take(MOST - 1);
        let (jobs, tell): (Vec<_>, Vec<_>) = std::iter::once(first).chain(more).unzip();
        for (tell, outcome) in tell.into_iter().zip(work(&jobs)) {
            // Who does not wait any more reads it when it goes on.
            let _ = tell.send(outcome);
        }
    }
}
