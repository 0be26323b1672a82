//! Many terminals that record at once, each on a step of its own, occurrence after occurrence.

use super::numbers::median;
use super::process::{self, Threads};
use super::recipe::{Recipe, entry_id, step_id};
use super::sites::World;
use super::terminal::Terminal;
use std::net::SocketAddr;
use std::sync::Barrier;
use std::time::{Duration, Instant};

/// Tokens are good for five minutes, and a measurement takes some seconds.
const TOKEN: Duration = Duration::from_secs(150);

/// A terminal at its step.
struct Seat {
    terminal: Terminal,
    operator: &'static str,
    /// Path of the step, without its occurrence.
    path: String,
    occurrence: u32,
    /// The next entry; the occurrence has begun when it is not the first.
    next: usize,
    entries: usize,
    version: Option<String>,
}

/// The terminals of a floor.
pub struct Floor {
    seats: Vec<Seat>,
    signed_in: Instant,
}

/// What was recorded in a while.
pub struct Shift {
    pub seconds: f64,
    /// How long each entry took, in ms, in ascending order.
    pub times: Vec<f64>,
    /// What the server's threads spent.
    pub spent: Threads,
}

impl Shift {
    pub fn entries(&self) -> usize {
        self.times.len()
    }

    /// Entries a second.
    pub fn rate(&self) -> f64 {
        count(self.times.len()) / self.seconds
    }

    pub fn mean(&self) -> f64 {
        self.times.iter().sum::<f64>() / count(self.times.len())
    }

    pub fn p50(&self) -> f64 {
        median(&self.times)
    }

    pub fn p99(&self) -> f64 {
        self.times.get(self.times.len() * 99 / 100).copied().unwrap_or(f64::NAN)
    }

    /// Processor time of the server for each entry, in µs.
    pub fn cpu(&self) -> f64 {
        self.spent.total() / count(self.times.len()) * 1e6
    }

    pub fn shown(&self) -> String {
        format!(
            "{:.0} entries/s, p50 {:.2} ms, p99 {:.2} ms, CPU {:.0} µs ({})",
            self.rate(),
            self.p50(),
            self.p99(),
            self.cpu(),
            self.spent.each(self.entries())
        )
    }
}

/// A count as a number to divide by.
pub fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

impl Floor {
    /// `clients` terminals, on runs of this recipe that are issued now, as few as have a step for each.
    pub fn open(world: &World, recipe: &Recipe, clients: usize, name: &str) -> Self {
        let mut seats = Vec::new();
        for no in 0..clients {
            let run = format!("{name}-{}", no / recipe.steps);
            if no % recipe.steps == 0 {
                world.issue(&run, recipe);
            }
            let step = step_id(no % recipe.steps);
            seats.push(Seat {
                terminal: Terminal::connect(&[world.address()], "", &format!("{name}-{no}")),
                operator: ["olga", "omar"][no % 2],
                path: format!("/batches/{run}/operations/OP-01~1/steps/{step}"),
                occurrence: 1,
                next: 0,
                entries: recipe.entries,
                version: None,
            });
        }
        let mut floor = Self { seats, signed_in: Instant::now() };
        floor.sign_in(world);
        floor
    }

    /// Every terminal uses these servers in turn from now on.
    pub fn lead_to(&mut self, servers: &[SocketAddr]) {
        self.seats.iter_mut().for_each(|seat| seat.terminal.lead_to(servers));
    }

    /// Terminals of each half use one of two servers from now on.
    pub fn split(&mut self, [one, other]: [SocketAddr; 2]) {
        for (no, seat) in self.seats.iter_mut().enumerate() {
            // Neighbours share a run: whole runs go to one server.
            seat.terminal.lead_to(&[if (no / 8).is_multiple_of(2) { one } else { other }]);
        }
    }

    fn sign_in(&mut self, world: &World) {
        let [olga, omar] = ["olga", "omar"].map(|name| world.stranger(name));
        for seat in &mut self.seats {
            let who = if seat.operator == "olga" { &olga } else { &omar };
            who.token_for(&mut seat.terminal);
        }
        self.signed_in = Instant::now();
    }

    /// Everybody records for a time.
    pub fn for_time(&mut self, world: &World, time: Duration) -> Shift {
        self.shift(world, |begin, _| begin.elapsed() >= time)
    }

    /// Everybody records so many entries.
    pub fn each(&mut self, world: &World, entries: usize) -> Shift {
        self.shift(world, |_, done| done >= entries)
    }

    fn shift(&mut self, world: &World, over: impl Fn(Instant, usize) -> bool + Sync) -> Shift {
        if self.signed_in.elapsed() > TOKEN {
            self.sign_in(world);
        }
        let pid = Some(world.server().pid());
        let ready = Barrier::new(self.seats.len() + 1);
        let (seconds, mut times, spent) = std::thread::scope(|scope| {
            let working: Vec<_> = self
                .seats
                .iter_mut()
                .map(|seat| {
                    let (ready, over) = (&ready, &over);
                    scope.spawn(move || {
                        ready.wait();
                        let begin = Instant::now();
                        let mut times = Vec::new();
                        while !over(begin, times.len()) {
                            times.push(seat.record().as_secs_f64() * 1000.0);
                        }
                        times
                    })
                })
                .collect();
            let before = process::threads(pid);
            ready.wait();
            let begin = Instant::now();
            let times: Vec<f64> =
                working.into_iter().flat_map(|one| one.join().expect("a terminal works")).collect();
            let seconds = begin.elapsed().as_secs_f64();
            (seconds, times, process::threads(pid).since(&before))
        });
        times.sort_by(f64::total_cmp);
        Shift { seconds, times, spent }
    }
}

impl Seat {
    /// Records one entry, and says how long it took. An occurrence is begun before its first entry and
    /// completed after its last.
    fn record(&mut self) -> Duration {
        let step = format!("{}~{}", self.path, self.occurrence);
        if self.next == 0 {
            let said = self.terminal.post(&format!("{step}/start"), None, "{}");
            assert!(said.status < 300, "{} {}", said.status, said.text());
        }
        let body = format!(r#"{{"entry":"{}","value":"0.272","unit":"kg"}}"#, entry_id(self.next));
        let sent = Instant::now();
        let said = self.terminal.post(&format!("{step}/entries"), None, &body);
        let took = sent.elapsed();
        assert_eq!(said.status, 201, "{}", said.text());
        self.next += 1;
        self.version = said.etag;
        if self.next == self.entries {
            let path = format!("{step}/completion");
            let said = self.terminal.post(&path, self.version.as_deref(), "{}");
            assert!(said.status < 300, "{} {}", said.status, said.text());
            self.next = 0;
            self.occurrence += 1;
        }
        took
    }
}

impl Floor {
    /// The first terminal alone goes on.
    pub fn first_alone(mut self) -> Self {
        self.seats.truncate(1);
        self
    }
}
