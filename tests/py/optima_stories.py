"""Optimisation told as stories, in our own words after the kinds that calculus textbooks set (Stewart, OpenStax
Calculus 1 section 4.7, Paul's Online Notes), each with its greatest or least value worked out by hand as a closed form.
"""

from __future__ import annotations

from math import pi, sqrt

# (story, value, letters that must come out)
STORIES: list[tuple[str, float, dict[str, float]]] = [
    # Fences.
    ("A farmer has 2400 ft of fencing for a rectangular field along a straight river. The side at the river needs "
     "no fence. What dimensions give the largest area?",
     720000, {"x": 600, "y": 1200}),
    ("With 80 m of fence a rectangular chicken run is built against the wall of a barn. Find the maximum area.",
     800, {}),
    ("We want to enclose a rectangular garden with 60 m of fence. Find the largest area that can be enclosed.",
     225, {}),
    ("A rectangular garden of 75 square feet is to be fenced. Which dimensions need the least fencing?",
     4 * sqrt(75), {"x": sqrt(75)}),
    ("A rancher encloses 1800 m^2 of rectangular pasture beside a cliff, which needs no fence. Find the least "
     "length of fence that will do.",
     120, {"x": 30, "y": 60}),
    ("A rancher has 200 feet of fencing to enclose two adjacent rectangular corrals of the same size. What "
     "dimensions make the enclosed area a maximum?",
     200**2 / (8 * 3), {}),
    ("750 ft of fencing encloses a rectangular area that is divided into four pens with fencing parallel to one "
     "side of the rectangle. What is the largest possible total area of the four pens?",
     14062.5, {}),
    ("A rectangular field of 15000 ft^2 is to be fenced and then divided in half with another fence parallel to a "
     "pair of sides. What is the least length of fence?",
     2 * sqrt(6 * 15000), {}),
    ("A plot of 600 m^2 is rectangular. The fence along the road costs $14 per metre, that on the other three "
     "sides $6 per metre. What is the minimum cost?",
     2 * sqrt(600 * 12 * 20), {}),
    ("A rectangular yard of 800 square feet is enclosed. Two parallel sides are built at $8 per foot, the other "
     "two sides at $2 per foot. Find the cheapest cost.",
     2 * sqrt(800 * 16 * 4), {}),
    ("What is the greatest area of a rectangle with a perimeter of 100 m?",
     625, {"x": 25, "y": 25}),
    ("Find the smallest perimeter of a rectangle whose area is 1000 m^2.",
     4 * sqrt(1000), {}),
    ("A rectangle has a diagonal of 10 cm. What is the largest area it can have?",
     50, {}),
    # Boxes.
    ("A box without a lid is made of a square sheet of tin with a side of 12 in by cutting equal squares from the "
     "corners and folding up the sides. Find the largest volume.",
     128, {"x": 2}),
    ("Equal squares are cut out of the corners of a sheet of cardboard 16 cm by 10 cm and the flaps are turned up "
     "to an open box. What is the maximum volume?",
     144, {"x": 2}),
    ("From a 24 by 45 inch sheet squares are removed at each corner; the edges are folded to make an open-topped "
     "box. Maximize the volume.",
     2450, {"x": 5}),
    ("An open-top box with a square base must hold 32000 cm^3. Find the dimensions that use the least material.",
     4800, {"x": 40, "h": 20}),
    ("There are 1200 cm^2 of material for a box with a square base and an open top. Find the largest possible "
     "volume of the box.",
     4000, {"x": 20, "h": 10}),
    ("A closed box with a square base has a volume of 64 ft³. What is the smallest surface area?",
     96, {"x": 4, "h": 4}),
    ("We build a box with a square base and have only 10 m^2 of material. What is the greatest volume that the box "
     "can have?",
     (10 / 6) ** 1.5, {}),
    ("A tank with a square base and no top is to hold 4 m^3. The base costs $10 per square metre, the sides $5 per "
     "square metre. What is the cost of the cheapest tank?",
     3 * 10 ** (1 / 3) * 40 ** (2 / 3), {"x": 4 ** (1 / 3)}),
    ("A crate with a square base has a volume of 250 cubic inches. Top and bottom cost $2 per square inch, the "
     "sides cost $1 per square inch. Minimise the cost.",
     300, {"x": 5, "h": 10}),
    ("A storage container with an open top has a volume of 10 m^3. The length of its base is twice the width. "
     "Material for the base costs $10 per square meter and for the sides $6 per square meter. What is the minimal "
     "cost of such a container?",
     3 * 20 * 4.5 ** (2 / 3), {}),
    ("A box whose base is three times as long as wide has a volume of 50 ft^3. Top and bottom cost $10 per square "
     "foot, the sides $6 per square foot. Which dimensions make the cost least?",
     180 * (20 / 3) ** (2 / 3), {}),
    ("The length of a closed rectangular box is twice the width. Its volume is 72 cm^3. Find the least surface "
     "area.",
     108, {"w": 3, "h": 4}),
    ("A rectangular box with no top has a base twice as long as it is wide and a surface of 96 m^2. What is the "
     "largest volume?",
     2 * 4 * (96 - 2 * 16) / 6, {"w": 4}),
    # Cans.
    ("A closed cylindrical can holds 500 cm^3. Find the radius that needs the least metal.",
     3 * (2 * pi) ** (1 / 3) * 500 ** (2 / 3), {"r": (500 / (2 * pi)) ** (1 / 3)}),
    ("A can is to hold 1 L of oil. Which dimensions minimise the cost of the metal for it?",
     3 * (2 * pi) ** (1 / 3) * 1000 ** (2 / 3), {"r": (500 / pi) ** (1 / 3)}),
    ("A cylindrical cup without a lid has a volume of 27 π cm^3. What is the smallest amount of material?",
     27 * pi, {"r": 3, "h": 3}),
    ("A cylinder that is open at the top is made of 48 π cm^2 of sheet. Find the largest volume.",
     64 * pi, {"r": 4, "h": 4}),
    ("A closed cylinder has a surface of 150 cm^2. Find the largest volume.",
     150 ** 1.5 / (3 * sqrt(6 * pi)), {}),
    ("A tin with a volume of 300 cm^3 has a bottom and a top that cost 4 cents per square cm and a side that costs "
     "2 cents per square cm. Minimise the cost.",
     3 * (0.08 * pi) ** (1 / 3) * (0.02 * 300) ** (2 / 3), {}),
    # Solids in solids.
    ("Find the largest volume of a cylinder inscribed in a sphere of radius 6 cm.",
     4 * pi * 216 / (3 * sqrt(3)), {}),
    ("A cone is inscribed in a sphere of radius 3 m. What is its maximum volume?",
     32 * pi * 27 / 81, {"h": 4}),
    ("A cylinder is inscribed in a cone of height 9 cm and radius 4 cm. What is the greatest volume of it?",
     4 * pi * 16 * 9 / 27, {"h": 3}),
    ("A paper cup in the shape of a cone is to hold 27 cm^3 of water. Find the height and radius of the cup that "
     "uses the smallest amount of paper.",
     pi * sqrt(3) * (9 * 27**2 / (2 * pi**2)) ** (1 / 3), {}),
    # Plane figures.
    ("Find the area of the largest rectangle that can be inscribed in a semicircle of radius 5 cm.",
     25, {}),
    ("What is the largest area of a rectangle that is inscribed in a circle of radius 10 cm?",
     200, {}),
    ("A Norman window, a rectangle with a semicircle on top, has a perimeter of 30 ft. Which dimensions let in the "
     "most light?",
     450 / (pi + 4), {"r": 30 / (pi + 4), "h": 30 / (pi + 4)}),
    ("A running track of 400 m encloses a field, a rectangle with semicircular ends. Find the largest area of the "
     "rectangle.",
     400**2 / (8 * pi), {"l": 100}),
    ("A rectangle has one side on the base of an equilateral triangle with sides of 8 cm. What is its greatest "
     "area?",
     sqrt(3) / 8 * 64, {}),
    ("A rectangle is inscribed in a right triangle with legs of 3 cm and 4 cm, two sides along the legs. Find its "
     "largest area.",
     3, {"x": 1.5, "y": 2}),
    ("Find the maximum area of a right triangle whose hypotenuse is 10 cm.",
     25, {}),
    ("An isosceles triangle has a perimeter of 12 cm. What is its largest area?",
     sqrt(3) / 4 * 16, {"b": 4}),
    ("A sector of a circle has a perimeter of 20 m. Find the greatest area.",
     25, {"r": 5, "s": 10}),
    ("A beam is cut from a log with a diameter of 30 cm. Its strength is proportional to the width times the "
     "square of the depth. Which dimensions make the strongest beam?",
     2 * 30**3 / (3 * sqrt(3)), {"w": 30 / sqrt(3)}),
    ("A gutter is made of a sheet of metal 30 cm wide by bending up the edges at right angles. How high should "
     "they be for the largest cross-section?",
     112.5, {"x": 7.5}),
    # Posters.
    ("A poster has 384 cm^2 of printed area, margins of 6 cm at top and bottom and 4 cm at each side. Find the "
     "dimensions of the poster with the smallest area.",
     864, {}),
    ("A page has an area of 200 square inches with margins of 2 inches at top and bottom and 1 inch at each side. "
     "Maximise the printed area.",
     (20 - 4) * (10 - 2), {"w": 10, "h": 20}),
    ("A sheet holds 50 square inches of print with margins of 1 inch all around. What is the least area of the "
     "paper?",
     (sqrt(50) + 2) ** 2, {}),
    # Wires, parcels, ways.
    ("A wire 10 m long is cut into two pieces; one is bent into a square, the other into an equilateral triangle. "
     "How should it be cut so that the total area is a minimum?",
     100 / (16 + 12 * sqrt(3)), {}),
    ("A 40 cm wire is cut, one part forms a circle and one part a square. What is the least total area?",
     40**2 / (4 * (pi + 4)), {}),
    ("A 40 cm wire is cut, one part forms a circle and one part a square. What is the greatest total area?",
     40**2 / (4 * pi), {}),
    ("A parcel with square ends may have a length and girth of at most 108 inches together. What is its largest "
     "volume?",
     11664, {"x": 18, "l": 36}),
    ("For a cylindrical parcel length plus girth must be 108 in. Find the maximum volume.",
     46656 / pi, {"l": 36}),
    ("A fence 8 ft high stands 4 ft from a building. What is the length of the shortest ladder that reaches over "
     "the fence to the wall?",
     (8 ** (2 / 3) + 4 ** (2 / 3)) ** 1.5, {}),
    ("Two poles, 15 ft high and 6 ft high, stand 20 ft apart. A rope runs from the top of one to a stake on the "
     "ground between them and on to the top of the other. Find the shortest length of the rope.",
     sqrt(20**2 + 21**2), {}),
    ("A man in a boat is 3 km from the shore and wants to reach a town 8 km down the coast. He rows at 6 km/h and "
     "runs at 8 km/h. Where should he land to get there as soon as possible?",
     1 + sqrt(7) / 8, {"x": 9 / sqrt(7)}),
    ("A pipe is laid from an island 2 km off the shore to a station 5 km along the coast. Under water it costs "
     "$50000 per km, on land $30000 per km. What is the minimum cost?",
     30000 * 5 + 2 * 40000, {"x": 1.5}),
    # Numbers.
    ("Find two positive numbers whose sum is 20 and whose product is a maximum.",
     100, {"x": 10, "y": 10}),
    ("The product of two positive numbers is 100. Find the numbers whose sum is a minimum.",
     20, {}),
    ("Two numbers differ by 100. Which make their product a minimum?",
     -2500, {"x": 50, "y": -50}),
    ("Two nonnegative numbers add up to 9. Make the product of one number and the square of the other a maximum.",
     108, {"x": 3, "y": 6}),
    ("The sum of two positive numbers is 16. What is the smallest possible value of the sum of their squares?",
     128, {}),
    ("Find the positive number whose sum with its reciprocal is as small as possible.",
     2, {"x": 1}),
    # Curves and sales.
    ("Find the point on the parabola y^2 = 2x that is closest to the point (1, 4).",
     sqrt(5), {"x": 2, "y": 2}),
    ("Which point of the line y = 2x + 3 is closest to the origin?",
     3 / sqrt(5), {"x": -1.2, "y": 0.6}),
    ("Find the shortest distance from the point (3, 0) to the curve y = sqrt(x).",
     sqrt(11) / 2, {"x": 2.5}),
    ("A rectangle has its base on the x-axis and its upper corners on the parabola y = 12 - x^2. What is the "
     "largest area?",
     32, {"x": 2, "y": 8}),
    ("A rectangle in the first quadrant has two sides on the axes and a corner on the line y = 6 - 2x. Find the "
     "maximum area.",
     4.5, {"x": 1.5, "y": 3}),
    ("A store sells 200 players a week at $350 each. For each $10 rebate it sells 20 more a week. What maximises "
     "the revenue?",
     225 * 450, {"n": 12.5}),
    ("A theatre sells 500 tickets at $20 each. For every $1 increase of the price it sells 10 fewer tickets. Find "
     "the maximum revenue.",
     35 * 350, {"n": 15}),
    ("The price of a lamp is p(x) = 90 - 0.03x where x lamps are sold. Which number sold gives the maximum "
     "revenue?",
     67500, {"x": 1500}),
    ("The cost of x chairs is C(x) = 500 + 20x and the revenue from them R(x) = 80x - 0.1x^2. How many should be "
     "made for the maximum profit?",
     8500, {"x": 300}),
    ("A rental firm lets n(p) = 1200 - 4p rooms at a price of p. What price gives the maximum revenue?",
     90000, {"p": 150}),
    ("Let x and y be positive numbers with x + 3y = 60 where (x + 1)(y + 2) is a maximum. Find them.", 67**2 / 12,
     {"x": 32.5}),
    ("Find two positive numbers whose product is 90 for which the sum of one and 10 times the other is a minimum.", 60,
     {"x": 30, "y": 3}),
    ("Find the largest rectangle that can be inscribed in a circle of radius 3.", 18, {}),
    ("We have 300 feet of fence for a rectangular field, and a building on one side won't need any fence. Which "
     "dimensions enclose the largest area?", 11250, {"y": 150}),
]  # fmt: skip
