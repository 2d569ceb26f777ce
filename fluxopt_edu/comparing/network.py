"""A network of one hidden layer that reads handwritten digits, written out in NumPy for many seeds at once.

64 pixels, 32 hidden units with tanh, 10 classes, cross entropy: 2410 parameters in one flat row a seed.
"""

from functools import cache

import numpy as np

SHAPES = [(64, 32), (32,), (32, 10), (10,)]
SIZES = [int(np.prod(shape)) for shape in SHAPES]
BATCH = 32
TRAINING = 1297  # of 1797 examples; the other 500 are held out


@cache
def data():
    """Pixels in [0, 1], shape (1797, 64), and classes, shape (1797,), in one fixed random order.

    They come with scikit-learn: an eighth of the size of MNIST's pictures, from the UCI repository.
    """
    try:
        from sklearn.datasets import load_digits
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError("the digits come with scikit-learn: pip install scikit-learn", name="sklearn") from missing
    pixels, classes = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(classes))
    return pixels[order] / 16, classes[order]


def start(generator):
    """Weights with variance 1 over the number of inputs, biases zero."""
    draws = [generator.normal(size=shape) / np.sqrt(shape[0]) if len(shape) == 2 else np.zeros(shape) for shape in SHAPES]
    return np.concatenate([draw.ravel() for draw in draws])


def layers(x):
    """Views of the rows of x as the four arrays of each seed."""
    return [part.reshape(len(x), *shape) for part, shape in zip(np.split(x, np.cumsum(SIZES)[:-1], axis=1), SHAPES)]


def forward(x, pixels):
    """The hidden units and the log of each class's probability."""
    w, b, v, c = layers(x)
    hidden = np.tanh(pixels @ w + b[:, None])
    scores = hidden @ v + c[:, None]
    scores = scores - scores.max(axis=-1, keepdims=True)
    return hidden, scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))


def gradient(x, generators):
    """Of the mean cross entropy over a batch that each seed draws for itself."""
    pixels, classes = data()
    rows = np.stack([generator.integers(TRAINING, size=BATCH) for generator in generators])
    return batch_gradient(x, pixels[rows], classes[rows])


def batch_gradient(x, pixels, classes):
    hidden, logs = forward(x, pixels)
    v = layers(x)[2]
    at_scores = (np.exp(logs) - (classes[..., None] == np.arange(10))) / classes.shape[-1]
    at_hidden = (at_scores @ v.mT) * (1 - hidden**2)
    parts = [pixels.mT @ at_hidden, at_hidden.sum(axis=1), hidden.mT @ at_scores, at_scores.sum(axis=1)]
    return np.concatenate([part.reshape(len(x), -1) for part in parts], axis=1)


def loss(x):
    """Mean cross entropy over the training examples."""
    pixels, classes = (part[:TRAINING] for part in data())
    return -forward(x, pixels)[1][:, np.arange(TRAINING), classes].mean(axis=1)


def held_out_error(x):
    """The share of the held-out examples that are read wrongly."""
    pixels, classes = (part[TRAINING:] for part in data())
    return (forward(x, pixels)[1].argmax(axis=-1) != classes).mean(axis=1)
