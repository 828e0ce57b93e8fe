"""Every trouble that has a test of its own, said once: docs/faults.md is made of this."""

from __future__ import annotations

from faultkit.of_the_rest import OF_THE_REST
from faultkit.of_the_wire import OF_THE_WIRE
from faultkit.trouble import Trouble

TROUBLES: tuple[Trouble, ...] = OF_THE_WIRE + OF_THE_REST
BY_NAME = {one.name: one for one in TROUBLES}
