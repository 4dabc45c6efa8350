"""What can go wrong in the classifier; every docstring is the message."""


class ClassifierError(Exception):
    """The classifier could not do what was asked."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or (self.__doc__ or "").strip())


class BadExampleFile(ClassifierError):
    """A file of labelled messages could not be read; the detail names file:line:column."""


class TooFewExamples(ClassifierError):
    """There are not enough labelled messages to train a model."""


class ModelMissing(ClassifierError):
    """There is no model where one is expected."""


class ModelRefused(ClassifierError):
    """The model file is damaged, foreign or of another version, and was not loaded."""
