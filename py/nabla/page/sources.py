"""The papers and books that the methods come from; docstrings name them too, where they are used."""

from __future__ import annotations

# By part of the mathematics, in the order in which the page lists them.
SOURCES: dict[str, tuple[str, ...]] = {
    "Sinusoids": (
        "R. V. Baluev, MNRAS 385 (2008), 1279: the probability that noise shows as strong a sinusoid",
        'B. Hayes, C. Saitis and G. Fazekas, "Sinusoidal frequency estimation by gradient descent", ICASSP 2023, '
        "arXiv 2210.14476",
        'P. M. Djuric, "A model selection rule for sinusoids in white Gaussian noise", IEEE Trans. Signal Process. 44 '
        "(1996), 1744",
        "L. Kaufman, BIT 15 (1975), 49-57, and G. Golub and V. Pereyra, Inverse Problems 19 (2003), R1: variable "
        "projection",
        "P. J. Huber, Robust Statistics (1981), section 7.8",
        'B. Mamandipoor, D. Ramasamy and U. Madhow, "Newtonized orthogonal matching pursuit", IEEE Trans. Signal '
        "Process. 64 (2016), 5066",
        "A. Barnett, J. Magland and L. af Klinteberg, SIAM J. Sci. Comput. 41 (2019), C479: the non-uniform "
        "Fourier transform",
    ),
    "Optimisers": (
        "Polyak (1964): heavy ball",
        "Nesterov (1983): accelerated gradients",
        "Duchi, Hazan and Singer (2011): AdaGrad",
        "Tieleman and Hinton (2012): RMSprop",
        "Kingma and Ba (2015): Adam, algorithm 1",
        "Loshchilov and Hutter (2019): AdamW",
        "L. Armijo (1966), with the projection of D. P. Bertsekas, SIAM J. Control Optim. 20 (1982), 221",
        "Wright, Math. Program. 151 (2015), 3: coordinate descent",
        'J. J. Moré, B. S. Garbow and K. E. Hillstrom, "Testing Unconstrained Optimization Software", ACM TOMS 7 '
        "(1981), 17-41: functions on which optimisers are tried",
        'J. J. Moré and D. J. Thuente, "Line search algorithms with guaranteed sufficient decrease", ACM TOMS 20 '
        "(1994), 286-307",
        "J. Nocedal and S. J. Wright, Numerical Optimization (2006)",
        "Greenstadt, Math. Comp. 21 (1967), 360: Newton's method with a mended Hessian",
        "Dembo and Steihaug (1983): truncated Newton",
        "Moré and Sorensen, SIAM J. Sci. Stat. Comput. 4 (1983), 553: trust regions",
        "Levenberg (1944) and Marquardt (1963): sums of squares",
        "Polak and Ribière (1969): conjugate gradients",
        "Broyden, Fletcher, Goldfarb and Shanno (1970): BFGS",
        "Nocedal, Math. Comp. 35 (1980), 773: L-BFGS",
        "Nelder and Mead (1965), as stated by Lagarias, Reeds, Wright and Wright, SIAM J. Optim. 9 (1998), 112",
    ),
    "Helmholtz decomposition": (
        "E. Glötzl and O. Richters, J. Math. Anal. Appl. 525 (2023), 127138: parts in formulas",
        "H. Bhatia, V. Pascucci and P.-T. Bremer, IEEE TVCG 20 (2014), 1566: the natural decomposition",
        "F. Vico, L. Greengard and M. Ferrando, J. Comput. Phys. 323 (2016), 191: kernels of free space",
        "H. Bhatia, G. Norgard, V. Pascucci and P.-T. Bremer, IEEE TVCG 19 (2013): a survey",
        "L. N. Trefethen, Spectral Methods in MATLAB (2000), chapter 3",
        "F. H. Harlow and J. E. Welch, Physics of Fluids 8 (1965), 2182: the grid",
        "U. Schumann and R. A. Sweet, J. Comput. Phys. 75 (1988), 123: the solver",
        "J. Makhoul, IEEE Trans. ASSP 28 (1980), 27: the transform",
        "V. Pereyra, SIAM Review 8 (1966), 200: the correction",
    ),
}
