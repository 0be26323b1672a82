//! What the table of acts makes of its lines: the enum of orders, the enum of events, and who answers for each.

/// Makes `RunCommand` and `RunEvent` of lines such as `hold: PlaceHold, LiftHold => HoldPlaced, HoldLifted;`: a
/// module, its orders, its events. An event whose data stands elsewhere names its type: `Happened = Happening`.
macro_rules! acts {
    ($($module:ident: $($order:ident),* => $($event:ident $(= $type:ty)?),*;)+) => {
        /// An order to a run: each says itself what it is ([`Order`]).
        #[derive(Debug, Clone)]
        pub enum RunCommand {
            $($($order($module::$order),)*)+
        }

        impl RunCommand {
            /// Its name, as in `record-entry`.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { $($(Self::$order(_) => <$module::$order as Order>::NAME,)*)+ }
            }

            /// The names of all orders.
            pub const NAMES: &'static [&'static str] = &[$($(<$module::$order as Order>::NAME,)*)+];

            /// The smallest thing that it changes.
            #[must_use]
            pub fn thing(&self) -> Thing {
                match self { $($(Self::$order(order) => order.thing(),)*)+ }
            }

            /// What it is decided on beside its run.
            #[must_use]
            pub fn beside(&self) -> Beside {
                match self { $($(Self::$order(order) => order.beside(),)*)+ }
            }

            /// What becomes of it once the record is final.
            #[must_use]
            pub fn late(&self) -> Late<'_> {
                match self { $($(Self::$order(order) => order.late(),)*)+ }
            }

            /// Decides it alone, on a run of which everything that ran out is noticed.
            ///
            /// # Errors
            /// The rule that forbids.
            pub fn decided(
                &self,
                run: &Run,
                facts: &RunFacts<'_>,
                stamp: &Stamp,
            ) -> Result<Ruling<RunEvent>, Refusal> {
                match self { $($(Self::$order(order) => order.decide(run, facts, stamp),)*)+ }
            }
        }

        $($(
        pub use $module::$order;

        impl From<$module::$order> for RunCommand {
            fn from(order: $module::$order) -> Self {
                Self::$order(order)
            }
        }
        )*)+

        /// An event of a run: each says itself what it is ([`Event`]). The header's name is `run.` and the kebab-case
        /// variant; names and shapes are frozen once released, and the fold accepts every released version for ever.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "name", content = "data", rename_all = "kebab-case")]
        pub enum RunEvent {
            $($($event(event_type!($module $event $(= $type)?)),)*)+
        }

        impl RunEvent {
            /// Folds it into the state.
            ///
            /// # Errors
            /// It refers to nothing, or carries no signature where the state keeps one.
            pub fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
                match self { $($(Self::$event(event) => event.fold(run, written),)*)+ }
            }

            /// Who took part in the work by it.
            #[must_use]
            pub fn part(&self) -> Part {
                match self { $($(Self::$event(event) => event.part(),)*)+ }
            }

            /// Who did what a scribe recorded.
            #[must_use]
            pub fn performer(&self) -> Option<PersonId> {
                match self { $($(Self::$event(event) => event.performer(),)*)+ }
            }

            /// What it does to the released lots of its run, and why, for people.
            #[must_use]
            pub fn weigh(&self) -> (Weight, String) {
                match self { $($(Self::$event(event) => event.weigh(),)*)+ }
            }

            /// Which standing reviews it lapses, with the words of why.
            #[must_use]
            pub fn lapses(&self, run: &Run) -> Lapsing {
                match self { $($(Self::$event(event) => event.lapses(run),)*)+ }
            }

            /// What it changes that values may be computed from.
            #[must_use]
            pub fn moves(&self) -> Moves<'_> {
                match self { $($(Self::$event(event) => event.moves(),)*)+ }
            }

            /// Which limits of time it bears on.
            #[must_use]
            pub fn bears(&self) -> Bears<'_> {
                match self { $($(Self::$event(event) => event.bears(),)*)+ }
            }

            /// The moment that it is, where a limit of time may wait for it.
            #[must_use]
            pub fn marks(&self) -> Option<Mark<'_>> {
                match self { $($(Self::$event(event) => event.marks(),)*)+ }
            }

            /// Of what it makes a new version, as far as somebody orders on it.
            #[must_use]
            pub fn changed(&self) -> Changed<'_> {
                match self { $($(Self::$event(event) => event.changed(),)*)+ }
            }

            /// Adds what the caller needs to go on.
            pub fn tell(&self, answer: &mut Told) {
                match self { $($(Self::$event(event) => event.tell(answer),)*)+ }
            }

            /// Every event: its name without `run.`, whether it is nothing without a signature, and what it does
            /// to released lots.
            #[must_use]
            pub fn catalogue() -> Vec<Described> {
                vec![$($(described::<event_type!($module $event $(= $type)?)>(stringify!($event)),)*)+]
            }
        }
    };
}
pub(super) use acts;

/// The type of an event's data: in its module, under its name, unless another is named.
macro_rules! event_type {
    ($module:ident $event:ident) => {
        $module::$event
    };
    ($module:ident $event:ident = $type:ty) => {
        $type
    };
}
pub(super) use event_type;
