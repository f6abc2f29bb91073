/** The program with which the cell begins. */
export const EXAMPLE = `# NumPy (np), SymPy (sp) and nabla are there already.
x = sp.Symbol("x", real=True)
slope = sp.diff(x**2 * sp.sin(x), x)
display(slope)

t = np.linspace(0, 2 * np.pi, 200)
display((t, t**2 * np.sin(t)))

nabla.derive("x^2 sin x", wrt="x", at="x=1")
`;
