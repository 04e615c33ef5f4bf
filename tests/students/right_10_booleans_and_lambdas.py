dot = lambda u, v: sum(map(lambda p: p[0] * p[1], zip(u, v)))

perceptron = lambda w, x, b: dot(w, x) + b > 0
perceptron_threshold = lambda w, x, t: dot(w, x) > t
nand = lambda p, q: not (p and q)
half_adder = lambda p, q: [p != q, p and q]
