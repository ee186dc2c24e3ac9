"""The lessons of the course, and the map of them with a learner's progress. May import: progress.

What a lesson contains is written down here, so that the map opens no notebook; a test compares it
with the notebooks.
"""

from dataclasses import dataclass
from html import escape

from . import progress


@dataclass(frozen=True)
class Lesson:
    """One notebook: the question it answers, its minutes, and the names of what is recorded."""

    slug: str  # the name of its file, without the ending
    title: str
    question: str
    minutes: int
    exercises: tuple = ()
    questions: tuple = ()
    predictions: tuple = ()

    @property
    def file(self):
        return f"{self.slug}.ipynb"

    @property
    def name(self):
        """Its number and title."""
        return f"{self.slug[:2]} · {self.title}"

    def items(self, kind):
        """The names of its "exercise", "question" or "prediction" items."""
        return getattr(self, progress.KINDS[kind])


# fmt: off
LESSONS = (
    Lesson("01-slope", "Slope", "How does a slope tell which way is down?", 50,
           exercises=("derivative", "chain"), questions=("down_to_the_left", "chained_changes"),
           predictions=("rise_over_run",)),
    Lesson("02-one-step", "One step", "What is a loss, and what is one step of descent?", 45,
           exercises=("gd_step", "descend_until"),
           questions=("step_on_two_examples", "small_slope_proves", "network_step_sizes"),
           predictions=("step_length",)),
    Lesson("03-step-size", "Step size", "How large can the step size be?", 45,
           exercises=("gradient_descent", "steps_needed"),
           questions=("which_step_size", "guaranteed_fall", "change_from_values"),
           predictions=("overshoot",)),
    Lesson("04-gradient", "Gradient", "Which way is down on a surface?", 50,
           exercises=("numerical_gradient", "convergence_factors"),
           questions=("loss_of_two_parts", "best_step_from_gradient", "straight_on_log_axis"),
           predictions=("downhill",)),
    Lesson("05-batch", "Batch", "How does descent fit a line to data?", 50,
           exercises=("mse_gradient", "standardise"),
           questions=("fault_in_the_gradient", "condition_after_centring", "limit_from_slope"),
           predictions=("crawl",)),
    Lesson("06-stochastic", "Stochastic", "What if we look at one example at a time?", 45,
           exercises=("sgd_epoch",), predictions=("limit",),
           questions=("floor_after_halving", "limit_of_single_examples", "points_for_the_check")),
    Lesson("07-mini-batch", "Mini-batch", "How many examples per step?", 50,
           exercises=("variance_of_batch", "minibatches"), predictions=("same_work",),
           questions=("where_scaling_ends", "not_shuffled", "limit_from_inputs")),
    Lesson("08-schedules", "Schedules", "How do we choose and change the learning rate?", 50,
           exercises=("backtrack", "step_decay", "cosine_decay"), predictions=("lowest_in_test",),
           questions=("eight_curves", "accepted_step_size", "converges_by_examples")),
    Lesson("09-classify", "Classify", "How does descent learn a yes or a no?", 50,
           exercises=("logistic_gradient", "best_epoch"), predictions=("separable_weights",),
           questions=("cross_entropy_by_hand", "test_rows_leak", "order_of_noise")),
    Lesson("10-landscapes", "Landscapes", "When does descent get stuck?", 45,
           exercises=("kind_of_point", "count_minima"), predictions=("ridge",),
           questions=("steps_to_escape", "curves_of_landscapes", "order_of_step_sizes")),
    Lesson("11-momentum", "Momentum", "How does a heavy ball go faster?", 45,
           exercises=("momentum_step",), predictions=("memory",),
           questions=("momentum_converges", "noise_with_momentum", "probability_after_a_step")),
    Lesson("12-nesterov", "Nesterov", "Why look ahead?", 45,
           exercises=("nesterov_step",), predictions=("ahead",),
           questions=("point_in_our_form", "steps_across_valleys", "which_are_saddles")),
    Lesson("13-curvature", "Curvature", "What if each direction had its own step?", 50,
           exercises=("newton_step", "rescaled_step"), predictions=("turned_valley",),
           questions=("newton_on_a_power", "newton_uphill", "worth_of_a_momentum_step")),
    Lesson("14-adaptive", "Adaptive", "Why one step size for all coordinates?", 50,
           exercises=("adagrad_step", "rmsprop_step"), predictions=("adagrad_first_step",),
           questions=("step_sizes_of_four_weights", "loss_with_a_corner",
                      "nesterov_limit_from_momentum")),
    Lesson("15-adam", "Adam", "What does Adam put together, and when does it fail?", 50,
           exercises=("adam_step", "adamw_step"), predictions=("adam_scale",),
           questions=("adam_curves", "rare_gradients", "diagonal_in_a_turned_valley")),
    Lesson("16-network", "Network", "How does a network learn?", 50,
           exercises=("softmax_cross_entropy", "backward", "clip_by_norm"),
           predictions=("zero_start",),
           questions=("softmax_slope", "zero_layer", "unit_of_a_feature")),
    Lesson("17-race", "Race", "Which optimizer should I use?", 50,
           exercises=("tune", "is_difference_real"), predictions=("race_worst",),
           questions=("unfair_comparison", "rows_for_error", "rare_gradients")),
    Lesson("18-sharpness", "Sharpness", "Why does full-batch training hover at 2/lr?", 35,
           exercises=("largest_curvature",), predictions=("edge_of_stability",),
           questions=("stable_minima", "curvature_along", "through_tanh")),
    Lesson("19-clinic", "Clinic", "Can you tell what is wrong?", 65,
           exercises=("errata_numerical_gradient", "errata_logistic_gradient",
                      "errata_regression_gradient", "errata_standardise",
                      "errata_minibatches", "errata_step_decay", "errata_best_epoch",
                      "errata_softmax_cross_entropy", "errata_nesterov_step",
                      "errata_bias_correction", "errata_brackets", "errata_effective_step"),
           questions=("round_of_gradients", "round_of_training", "round_of_memories",
                      "fault_from_values", "unfair_comparison"),
           predictions=("growing_loss",)),
)
# fmt: on


def lesson_of(kind, name):
    """The lesson that contains an item, or None for one that no lesson contains."""
    return next((lesson for lesson in LESSONS if name in lesson.items(kind)), None)


def course_map():
    """The lessons with the progress recorded next to this notebook, as a table."""
    if progress.unattended():  # a saved map is the same on every computer
        return CourseMap()
    return CourseMap(progress.where(), progress.why_not())


class CourseMap:
    """The lessons and what is done in each, as text and as HTML.

    place: a folder, or a file of progress; without one, nothing is done yet. why_not: why nothing
    can be recorded there, as the end of a sentence.
    """

    def __init__(self, place=None, why_not=None):
        self.recorded, self.notes = {}, []
        try:
            self.recorded = progress.load(place) if place else {}
        except (ValueError, OSError) as error:
            reason = getattr(error, "strerror", None) or error
            self.notes.append(f"The file {progress.NAME} could not be read ({reason}).")
        if why_not:
            self.notes.append(f"Progress is not recorded here, because {why_not}.")
        for name in progress.set_aside(place) if place else ():
            self.notes.append(f"An earlier file could not be read: it is now called {name}.")

    def __repr__(self):
        lines = [f"{_caption()}:", ""]
        for lesson in LESSONS:
            minutes = f"{lesson.minutes} min"
            lines.append(f"{lesson.name:<16} {lesson.question:<52} {minutes:>6}")
            lines.append(f"{'':<16} {self._in_words(lesson)}")
        begin, lesson, end = self._next()
        return "\n".join([*lines, "", f"{begin}{lesson.name if lesson else ''}{end}", *self.notes])

    def _repr_html_(self):
        left = 'style="text-align: left"'
        heads = ("Lesson", "Question", "Minutes", "What you have done")
        head = "".join(f'<th scope="col" {left}>{text}</th>' for text in heads)
        rows = []
        for lesson in LESSONS:
            done = "✓ " * self._is_done(lesson) + self._in_words(lesson, space="&nbsp;")
            cells = (escape(lesson.question), lesson.minutes, done)
            first = f'<th scope="row" {left}>{_link(lesson)}</th>'
            rows.append(f"<tr>{first}{''.join(f'<td {left}>{cell}</td>' for cell in cells)}</tr>")
        begin, lesson, end = self._next()
        notes = "".join(f" {escape(note)}" for note in self.notes)
        return (
            f"<table><caption {left}>{_caption()}</caption>\n"
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n" + "\n".join(rows) + "\n</tbody></table>\n"
            f"<p>{begin}{_link(lesson) if lesson else ''}{end}{notes}</p>"
        )

    def _entry(self, kind, name):
        return self.recorded.get(progress.KINDS[kind], {}).get(name)

    def _in_words(self, lesson, space=" "):
        """How many of a lesson's items are done: "predictions 1 of 1, exercises 0 of 2"."""
        counts = []
        for kind, kinds in progress.KINDS.items():
            if names := lesson.items(kind):
                done = sum(progress.is_done(kind, self._entry(kind, name)) for name in names)
                counts.append(f"{kinds} {done} of {len(names)}".replace(" ", space))
        return "all done: " * self._is_done(lesson) + ", ".join(counts)

    def _is_done(self, lesson, kinds=tuple(progress.KINDS)):
        return all(
            progress.is_done(kind, self._entry(kind, name))
            for kind in kinds
            for name in lesson.items(kind)
        )

    def _next(self):
        """Where to go on, whatever was predicted: (words, the lesson or None, words)."""
        last = [
            max((e.get("last", "") for e in self._entries(lesson)), default="")
            for lesson in LESSONS
        ]
        latest = last.index(max(last))
        checked = ("exercise", "question")
        to_do = [lesson for lesson in LESSONS if not self._is_done(lesson, checked)]
        if not to_do:
            return "You have done all exercises and questions of the course.", None, ""
        if not any(last):
            return "Begin with ", to_do[0], "."
        later = [lesson for lesson in to_do if lesson.slug >= LESSONS[latest].slug]
        return "Go on with ", (later or to_do)[0], "."

    def _entries(self, lesson):
        """What is recorded of a lesson."""
        pairs = [(kind, name) for kind in progress.KINDS for name in lesson.items(kind)]
        return [entry for pair in pairs if (entry := self._entry(*pair)) is not None]


def _caption():
    hours = round(sum(lesson.minutes for lesson in LESSONS) / 60)
    return f"The lessons, about {hours} hours in all, and what you have done in them"


def _link(lesson):
    name = escape(lesson.name).replace(" · ", "&nbsp;·&nbsp;")
    return f'<a href="{lesson.file}">{name}</a>'
