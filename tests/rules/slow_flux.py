"""Flux v0.12.10's apply! functions once more: one number at a time, each store spelt out.

Nothing here comes from the package. Each function reads like the Julia it transcribes: the gradient
Δ is overwritten, the state is a dict of lists. Hyper-parameters are float64 scalars, so NumPy's
scalars promote as Julia's do: float64 with float16 gives float64, float16 with float16 (or with an
integer) stays float16. `store` rounds to the array's own type, and nothing else does.
"""

import numpy as np


class SlowFlux:
    """One rule on one array of shape (n,): ``step(x, g)`` gives what Flux subtracts."""

    def __init__(self, rule, dtype, hyper):
        self.apply = globals()[rule.lower()]
        self.store = np.dtype(dtype).type
        self.hyper = {k: tuple(map(np.float64, v)) if isinstance(v, tuple) else np.float64(v) for k, v in hyper.items()}
        self.state = {}

    def step(self, x, g):
        Δ = [self.store(number) for number in g]
        with np.errstate(all="ignore"):
            self.apply(self.state, list(x), Δ, self.store, **self.hyper)
        return np.array(Δ)


def zeros(x, store):
    return [store(0) for _ in x]


def descent(state, x, Δ, store, eta):
    for i in range(len(x)):
        Δ[i] = store(Δ[i] * eta)


def momentum(state, x, Δ, store, eta, rho):
    v = state.setdefault("v", zeros(x, store))
    for i in range(len(x)):
        v[i] = store(rho * v[i] - eta * Δ[i])
        Δ[i] = store(-v[i])


def nesterov(state, x, Δ, store, eta, rho):
    v = state.setdefault("v", zeros(x, store))
    for i in range(len(x)):
        d = rho**2 * v[i] - (1 + rho) * eta * Δ[i]
        v[i] = store(rho * v[i] - eta * Δ[i])
        Δ[i] = store(-d)


def rmsprop(state, x, Δ, store, eta, rho, epsilon):
    acc = state.setdefault("acc", zeros(x, store))
    for i in range(len(x)):
        acc[i] = store(rho * acc[i] + (1 - rho) * Δ[i] * Δ[i])
        Δ[i] = store(Δ[i] * (eta / (np.sqrt(acc[i]) + epsilon)))


def adam(state, x, Δ, store, eta, beta, epsilon=np.float64(1e-8)):
    m, v = state.setdefault("m", zeros(x, store)), state.setdefault("v", zeros(x, store))
    βp = state.setdefault("βp", list(beta))
    for i in range(len(x)):
        m[i] = store(beta[0] * m[i] + (1 - beta[0]) * Δ[i])
        v[i] = store(beta[1] * v[i] + (1 - beta[1]) * Δ[i] * Δ[i])
        Δ[i] = store(m[i] / (1 - βp[0]) / (np.sqrt(v[i] / (1 - βp[1])) + epsilon) * eta)
    βp[0], βp[1] = βp[0] * beta[0], βp[1] * beta[1]


def radam(state, x, Δ, store, eta, beta, epsilon):
    m, v = state.setdefault("m", zeros(x, store)), state.setdefault("v", zeros(x, store))
    βp, t = state.setdefault("βp", list(beta)), state.setdefault("t", 1)
    ρ_inf = 2 / (1 - beta[1]) - 1
    ρ = ρ_inf - 2 * t * βp[1] / (1 - βp[1])
    for i in range(len(x)):
        m[i] = store(beta[0] * m[i] + (1 - beta[0]) * Δ[i])
        v[i] = store(beta[1] * v[i] + (1 - beta[1]) * Δ[i] * Δ[i])
        if ρ > 4:
            r = np.sqrt((ρ - 4) * (ρ - 2) * ρ_inf / ((ρ_inf - 4) * (ρ_inf - 2) * ρ))
            Δ[i] = store(m[i] / (1 - βp[0]) / (np.sqrt(v[i] / (1 - βp[1])) + epsilon) * eta * r)
        else:
            Δ[i] = store(m[i] / (1 - βp[0]) * eta)
    βp[0], βp[1], state["t"] = βp[0] * beta[0], βp[1] * beta[1], t + 1


def adamax(state, x, Δ, store, eta, beta, epsilon):
    m, u = state.setdefault("m", zeros(x, store)), state.setdefault("u", zeros(x, store))
    βp = state.setdefault("βp", list(beta))
    for i in range(len(x)):
        m[i] = store(beta[0] * m[i] + (1 - beta[0]) * Δ[i])
        u[i] = store(max(beta[1] * u[i], abs(Δ[i])))
        Δ[i] = store((eta / (1 - βp[0])) * m[i] / (u[i] + epsilon))
    βp[0], βp[1] = βp[0] * beta[0], βp[1] * beta[1]


def adagrad(state, x, Δ, store, eta, epsilon):
    acc = state.setdefault("acc", [store(epsilon) for _ in x])
    for i in range(len(x)):
        acc[i] = store(acc[i] + Δ[i] * Δ[i])
        Δ[i] = store(Δ[i] * (eta / (np.sqrt(acc[i]) + epsilon)))


def adadelta(state, x, Δ, store, rho, epsilon):
    acc, Δacc = state.setdefault("acc", zeros(x, store)), state.setdefault("Δacc", zeros(x, store))
    for i in range(len(x)):
        acc[i] = store(rho * acc[i] + (1 - rho) * Δ[i] * Δ[i])
        Δ[i] = store(Δ[i] * (np.sqrt(Δacc[i] + epsilon) / np.sqrt(acc[i] + epsilon)))
        Δacc[i] = store(rho * Δacc[i] + (1 - rho) * Δ[i] * Δ[i])


def amsgrad(state, x, Δ, store, eta, beta, epsilon):
    m, v, v_max = (state.setdefault(name, [store(epsilon) for _ in x]) for name in ("m", "v", "v_max"))
    for i in range(len(x)):
        m[i] = store(beta[0] * m[i] + (1 - beta[0]) * Δ[i])
        v[i] = store(beta[1] * v[i] + (1 - beta[1]) * (Δ[i] * Δ[i]))
        v_max[i] = max(v_max[i], v[i])
        Δ[i] = store(eta * m[i] / (np.sqrt(v_max[i]) + epsilon))


def nadam(state, x, Δ, store, eta, beta, epsilon):
    m, v = state.setdefault("m", zeros(x, store)), state.setdefault("v", zeros(x, store))
    βp = state.setdefault("βp", list(beta))
    for i in range(len(x)):
        m[i] = store(beta[0] * m[i] + (1 - beta[0]) * Δ[i])
        v[i] = store(beta[1] * v[i] + (1 - beta[1]) * Δ[i] * Δ[i])
        ahead = beta[0] * m[i] / (1 - beta[0] * βp[0]) + (1 - beta[0]) * Δ[i] / (1 - βp[0])
        Δ[i] = store(ahead / (np.sqrt(v[i] * beta[1] / (1 - βp[1])) + epsilon) * eta)
    βp[0], βp[1] = βp[0] * beta[0], βp[1] * beta[1]


def adamw(state, x, Δ, store, eta, beta, decay):
    adam(state, x, Δ, store, eta, beta)
    for i in range(len(x)):
        Δ[i] = store(Δ[i] + decay * x[i])


def oadam(state, x, Δ, store, eta, beta, epsilon):
    m, v, Δ_ = (state.setdefault(name, zeros(x, store)) for name in ("m", "v", "Δ_"))
    βp = state.setdefault("βp", list(beta))
    for i in range(len(x)):
        m[i] = store(beta[0] * m[i] + (1 - beta[0]) * Δ[i])
        v[i] = store(beta[1] * v[i] + (1 - beta[1]) * Δ[i] * Δ[i])
        Δ[i] = -Δ_[i]
        Δ_[i] = store(eta * m[i] / (1 - βp[0]) / (np.sqrt(v[i] / (1 - βp[1])) + epsilon))
        Δ[i] = store(Δ[i] + 2 * Δ_[i])
    βp[0], βp[1] = βp[0] * beta[0], βp[1] * beta[1]


def adabelief(state, x, Δ, store, eta, beta, epsilon):
    m, s = state.setdefault("m", zeros(x, store)), state.setdefault("s", zeros(x, store))
    for i in range(len(x)):
        m[i] = store(beta[0] * m[i] + (1 - beta[0]) * Δ[i])
        s[i] = store(beta[1] * s[i] + (1 - beta[1]) * (Δ[i] - m[i]) * (Δ[i] - m[i]))
        Δ[i] = store(eta * m[i] / (np.sqrt(s[i]) + epsilon))
