"""Many conversations with Graph carried together: twenty questions to a batch, several batches at work.

Outlook works on so many requests at once and no more, and every place is kept busy: with batches under way in
all of them, the next ones written down already. The caller's thread decides everything and calls back before
and after; the lanes only carry. Those who must wait do so alone, and nobody waits for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from bot.errors import BotError, Permanent, Temporary
from bot.outlook.answer import Answer, lost
from bot.outlook.batch import AT_ONCE, SIZE, not_begun
from bot.outlook.connection import Connection
from bot.outlook.conversation import Talk
from bot.outlook.faults import Nature, SignInRefused, judge, said_of, slow_down
from bot.outlook.hopeless import Hopeless
from bot.outlook.lanes import Batch, Lanes
from bot.outlook.shape import Shape
from bot.outlook.turns import Turn, Turns

T = TypeVar("T")
Before = Callable[[Sequence[int]], None]
After = Callable[[Mapping[int, Any]], None]

GATHER_SECONDS: Final = 0.03  # so long whatever else comes back goes first, before one is worked through
TOGETHER: Final = 5.0  # seconds: waits that end so close to one another end with the longest of them


def converse(
    connection: Connection,
    talks: Sequence[Talk[T]],
    *,
    before: Before = lambda _: None,
    after: After = lambda _: None,
) -> tuple[T | BotError, ...]:
    """Carry every conversation to its end; what each returned, or the error that ended it, in their order.

    ``before`` is called with the numbers of those about to be asked for the first time, ``after`` with what
    became of those that have ended: both in the caller's thread, once for each, a batch at a time. What they
    raise ends the whole when the batches at work have come back.
    """
    return _Carrier(connection, talks, before, after).carry()


class _Carrier:
    """Decides what is asked next, until nobody has anything left to ask."""

    def __init__(
        self, connection: Connection, talks: Sequence[Talk[Any]], before: Before, after: After
    ) -> None:
        self._connection = connection
        self._limiter = connection.limiter
        self._talks = talks
        self._before = before
        self._after = after
        self._ends: dict[int, Any] = {}
        self._untold: dict[int, Any] = {}  # ended, and ``after`` not yet called
        self._begun: set[int] = set()
        self._turns = Turns(connection.waits, connection.timer, connection.manners.at_once_a_mailbox)
        self._hopeless = Hopeless(connection.manners.tries_to_reach)
        self._shape = Shape(connection.limiter, connection.manners.at_once_a_mailbox)
        self._lanes = Lanes(connection)
        self._ahead: list[Batch] = []  # what the next free places are for: written down, and not yet sent
        self._came: list[Batch] = []  # back, and not yet worked through
        self._refused = 0  # batches in a row that were refused as a whole
        self._signed_in_again: set[int] = set()  # whose token was refused once

    def carry(self) -> tuple[Any, ...]:
        for index in range(len(self._talks)):
            self._advance(index, None)
        try:
            while self._turns or self._lanes.under_way or self._ahead or self._came or self._untold:
                self._step()
        finally:
            while self._lanes.under_way:  # nothing is left at work that nobody waits for
                self._lanes.take_in(None)
            for number, talk in enumerate(self._talks):
                if number not in self._ends:
                    talk.words.close()
        return tuple(self._ends[index] for index in range(len(self._talks)))

    def _step(self) -> None:
        """The next thing to do: keep the places full, then work through what came back, then wait."""
        while self._take_in(0):
            continue
        self._leave_who_waits_too_long()
        behind = len(self._came) >= self._limiter.allowed
        if not behind and (self._send_ahead() or self._send_next()):
            return
        if self._came and (behind or not self._ahead or not self._take_in(GATHER_SECONDS)):
            self._work_through(self._came.pop(0))
        elif self._came:
            return  # another came back, and its place goes first
        elif self._untold:
            self._tell()
        elif self._lanes.under_way:
            self._prepare() or self._take_in(self._seconds_to_wait())
        elif self._turns.ready() or self._ahead:
            self._limiter.wait_for(1)  # others hold all places
        elif self._turns:
            self._connection.timer.sleep(self._turns.until_next(together=TOGETHER))

    def _send_next(self) -> bool:
        """Cut the next batch and send it, unless what came back may have more to ask that belongs in it."""
        few = self._shape.few(self._turns.ready())
        if self._ahead or (few and not all(batch.went_well for batch in self._came)):
            return False
        if (batch := self._next()) is not None:
            self._begin(batch)
            self._lanes.send(batch)
        return batch is not None

    def _next(self) -> Batch | None:
        """The next batch, its places taken; null where nothing may go now."""
        ready = self._turns.ready()
        if not self._turns.ready(ahead=True):
            self._shape.nobody_left()
        if not ready or not self._limiter.has_room():
            return None
        wide = self._shape.fills_all_places(ready, under_way=self._lanes.under_way > 0)
        taken = self._limiter.take(AT_ONCE if wide else 1)
        turns = self._turns.draw(SIZE if wide else self._shape.share(ready)) if taken else []
        if not turns:
            self._limiter.give_back(taken)
            return None
        self._shape.went()
        self._turns.go(turns)
        return Batch(turns, chained=not wide and len(turns) > 1, places=taken)

    def _prepare(self) -> bool:
        """While all lanes are busy, write down what goes next, so that no place waits for that."""
        ready = self._turns.ready(ahead=True)
        if self._shape.few(ready) or len(self._ahead) >= self._limiter.allowed:
            return False
        turns = self._turns.draw(self._shape.share(ready), ahead=True)
        if turns:
            self._ahead.append(Batch(turns, chained=len(turns) > 1))
            self._begin(self._ahead[-1])
        return bool(turns)

    def _send_ahead(self) -> bool:
        """Send what was prepared, unless somebody in it was told to wait meanwhile."""
        for batch in self._ahead:
            if self._turns.must_wait(batch.turns):
                self._ahead.remove(batch)
                self._turns.put_back(batch.turns, drawn=True)
                return True
            if self._turns.has_room(batch.turns) and (taken := self._limiter.take(1)):
                self._ahead.remove(batch)
                self._turns.go(batch.turns)
                batch.places = taken
                self._lanes.send(batch)
                return True
        return False

    def _begin(self, batch: Batch) -> None:
        new = [turn.index for turn in batch.turns if turn.index not in self._begun]
        self._begun.update(new)
        try:
            if new:
                self._before(new)
        except BaseException:
            self._limiter.give_back(batch.places)
            raise

    def _seconds_to_wait(self) -> float | None:
        """How long to wait for an answer: until somebody else may be asked."""
        if (drained := self._shape.drained_in()) is not None:
            return drained
        return max(self._turns.until_next(), 0.001) if self._turns.waits() else None

    def _take_in(self, seconds: float | None) -> bool:
        """Take in the next batch that comes back; whether one did."""
        batch = self._lanes.take_in(seconds)
        if batch is not None:
            self._turns.came_back(batch.turns, lost=batch.lost)
            self._came.append(batch)
        return batch is not None

    def _work_through(self, batch: Batch) -> None:
        """Hand each answer to the one who asked."""
        outer = batch.outer
        if isinstance(outer, BaseException) and not isinstance(outer, BotError):
            raise outer
        if isinstance(outer, SignInRefused):
            self._end([*batch.turns, *self._everybody()], outer)
        elif isinstance(outer, Temporary):
            self._turns.put_back(batch.turns)
        elif isinstance(outer, BotError):
            self._refused_whole(batch, outer)
        elif batch.answers:
            self._refused = 0
            self._hand_out(batch)
        elif outer is not None:
            self._failed_whole(batch, outer)
        if (ended := self._connection.patience.ended) is not None:
            self._end(self._everybody(), ended)
        self._tell()

    def _hand_out(self, batch: Batch) -> None:
        again = not_begun(batch.answers) if batch.chained else set()
        again |= self._sign_in_again(batch)
        self._turns.put_back([batch.turns[place] for place in sorted(again)])
        for place, (turn, answer) in enumerate(zip(batch.turns, batch.answers, strict=True)):
            if place in again:
                continue
            fault = judge(answer, self._connection.clock())
            self._turns.refused(turn.mailbox, so=fault is not None)
            self._advance(turn.index, answer)
            if fault is not None and self._hopeless.is_so(turn, answer, fault):
                left = self._turns.take_all(turn.mailbox, turn.ask.method)
                self._end(left, self._connection.named(self._hopeless.rest(fault), turn.ask.path))
            elif fault is None:
                self._hopeless.answered(turn)

    def _failed_whole(self, batch: Batch, outer: Answer) -> None:
        """The batch as a whole was refused, or its answer is lost."""
        fault = judge(outer, self._connection.clock())
        if fault is None:
            return
        if outer.status == 429:
            self._turns.put_back(batch.turns)
            self._refused += 1
            if self._refused > self._connection.manners.tries_to_reach:
                self._end(self._everybody(), Temporary(fault.words))
        elif fault.nature is not Nature.TEMPORARY:
            self._refused_whole(batch, Permanent(fault.words))
        else:
            for turn in batch.turns:
                self._advance(turn.index, outer)
                if self._turns.times_lost(turn.mailbox) > self._connection.manners.tries_to_reach:
                    self._end(self._turns.take_all(turn.mailbox), Temporary(fault.words))

    def _refused_whole(self, batch: Batch, error: BotError) -> None:
        """Nothing of a batch was taken, and nothing of it ever would be."""
        self._refused += 1
        hopeless = self._refused >= self._connection.manners.tries_to_reach
        self._end([*batch.turns, *(self._everybody() if hopeless else [])], error)

    def _sign_in_again(self, batch: Batch) -> set[int]:
        """Fetch a new token where it was refused inside a batch; gives who is to ask once more with it.

        A token can end while a batch is worked on. What was refused so was certainly not carried out.
        """
        refused = [place for place, answer in enumerate(batch.answers) if answer.status == 401]
        again = {place for place in refused if batch.turns[place].index not in self._signed_in_again}
        if again:
            challenge = batch.answers[refused[0]].headers.get("www-authenticate", "")
            try:
                self._connection.door.sign_in_again(challenge, batch.renewals)
            except SignInRefused as error:
                self._end([*(batch.turns[place] for place in again), *self._everybody()], error)
                return set()
            except Temporary as error:
                for place in refused:
                    batch.answers[place] = lost(error)
                return set()
            self._signed_in_again |= {batch.turns[place].index for place in again}
        return again

    def _leave_who_waits_too_long(self) -> None:
        """Whoever asked for more patience than a run has is left to the next run."""
        for mailbox in self._turns.waiting():
            wait = self._connection.waits.left(mailbox)
            if wait > self._connection.manners.longest_wait:
                self._end(self._turns.take_all(mailbox), slow_down("", wait, self._connection.clock()))

    def _advance(self, index: int, answer: Answer | None) -> None:
        talk = self._talks[index]
        if index in self._ends:
            return
        try:
            ask = next(talk.words) if answer is None else talk.words.send(answer)
        except StopIteration as stop:
            self._ends[index] = self._untold[index] = stop.value
        except BotError as error:
            self._ends[index] = self._untold[index] = error
        else:
            self._turns.add(Turn(index, talk.mailbox, ask))

    def _end(self, turns: Sequence[Turn], error: BotError) -> None:
        """End conversations with an error that names the mailbox of each."""
        for turn in turns:
            self._talks[turn.index].words.close()
            self._ends[turn.index] = self._untold[turn.index] = said_of(turn.mailbox, error)

    def _everybody(self) -> list[Turn]:
        """Everybody who was to be asked, and will not be."""
        ahead = [turn for batch in self._ahead for turn in batch.turns]
        self._ahead.clear()
        return [*ahead, *self._turns.take_all()]

    def _tell(self) -> None:
        ended, self._untold = self._untold, {}
        if ended:
            self._after(ended)
