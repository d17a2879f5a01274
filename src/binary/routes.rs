//! Backends, routes and faults.

use super::form::{Form, Reader, Writer, choice, structure};
use crate::{
    limits,
    table::{Backend, Delay, Destination, Fault, Path, Route, Visitor},
};

structure!(Backend { name, origin, path_prefix, timeout_ms, span } at most limits::BACKENDS);

impl Form for Route {
    const MOST: usize = limits::ROUTES;

    fn write(&self, out: &mut Writer) {
        self.name.write(out);
        self.span.write(out);
        self.host.write(out);
        self.path.write(out);
        self.methods.write(out);
        self.condition.write(out);
        self.destination.write(out);
        self.fallback.write(out);
        self.visitor.write(out);
        self.faults.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Route {
        Route {
            name: Form::read(from),
            span: Form::read(from),
            host: Form::read(from),
            path: Form::read(from),
            methods: Form::read(from),
            condition: Form::read(from),
            destination: Form::read(from),
            fallback: backend(from),
            visitor: Form::read(from),
            faults: Form::read(from),
        }
    }
}

choice!(Path { 0: Any, 1: Exactly(path), 2: StartsWith(path) });
structure!(Visitor { cookie, max_age_seconds, consent, attribute });
structure!(Delay { fixed_ms, jitter_ms });

impl Form for Destination {
    fn write(&self, out: &mut Writer) {
        let (flag, backends) = match self {
            Destination::Backend(backend) => {
                false.write(out);
                return backend.write(out);
            }
            Destination::Flag { flag, backends } => (flag, backends),
        };
        true.write(out);
        flag.write(out);
        out.count(backends.len());
        backends.iter().for_each(|backend| backend.write(out));
    }

    fn read(from: &mut Reader<'_>) -> Destination {
        if !bool::read(from) {
            return Destination::Backend(backend(from));
        }
        let flag = bool::read(from).then(|| from.place(from.flags));
        let mut backends = Vec::new();
        for _ in 0..from.count() {
            if from.failed {
                break;
            }
            backends.push(bool::read(from).then(|| backend(from)));
        }
        Destination::Flag { flag, backends }
    }
}

fn backend(from: &mut Reader<'_>) -> u16 {
    let place = u16::from_le_bytes(from.array());
    from.expect(usize::from(place) < from.backends);
    place
}

impl Form for Fault {
    const MOST: usize = limits::FAULTS;

    fn write(&self, out: &mut Writer) {
        self.name.write(out);
        self.condition.write(out);
        self.seed.write(out);
        self.cut.write(out);
        self.bucket_by.write(out);
        self.until.write(out);
        self.delay.write(out);
        self.abort.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Fault {
        Fault {
            name: Form::read(from),
            condition: Form::read(from),
            seed: Form::read(from),
            cut: Form::read(from),
            bucket_by: Form::read(from),
            until: Form::read(from),
            delay: Form::read(from),
            abort: bool::read(from).then(|| u16::from_le_bytes(from.array())),
        }
    }
}
