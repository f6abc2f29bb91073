/**
 * D3, as far as the plots need it: a third of what Observable Plot would bring is for plots that Nabla does not draw.
 * Where Plot asks for something that is neither here nor named below, the build says so.
 */

export * from 'd3-array';
export * from 'd3-color';
export * from 'd3-contour';
export * from 'd3-format';
export * from 'd3-interpolate';
export * from 'd3-path';
export * from 'd3-scale';
export * from 'd3-selection';
export * from 'd3-shape';
export * from 'd3-time';
// Plot calls it as soon as it is there.
export { geoTransform } from 'd3-geo';

/** The outline of a height as contours has it, in pixels; D3's own knows maps besides. */
export const geoPath = () => (/** @type {{coordinates: [number, number][][][]}} */ { coordinates }) =>
  coordinates
    .flat()
    .map((ring) => `M${ring.slice(0, -1).map(([x, y]) => `${rounded(x)},${rounded(y)}`).join('L')}Z`)
    .join('') || null;

const rounded = (/** @type {number} */ length) => Math.round(length * 1e3) / 1e3;

/** @returns {never} */
const absent = () => {
  throw new Error('tools/d3.mjs leaves out what this plot needs of D3');
};

// Maps.
export {
  absent as geoAlbers, absent as geoAlbersUsa, absent as geoAzimuthalEqualArea, absent as geoAzimuthalEquidistant,
  absent as geoCentroid, absent as geoClipRectangle, absent as geoConicConformal, absent as geoConicEqualArea,
  absent as geoConicEquidistant, absent as geoEqualEarth, absent as geoEquirectangular, absent as geoGnomonic,
  absent as geoGraticule10, absent as geoMercator, absent as geoOrthographic, absent as geoStereographic,
  absent as geoStream, absent as geoTransverseMercator,
};
// Colours by name.
export {
  absent as interpolateBlues, absent as interpolateBrBG, absent as interpolateBuGn, absent as interpolateBuPu,
  absent as interpolateCividis, absent as interpolateCool, absent as interpolateCubehelixDefault,
  absent as interpolateGnBu, absent as interpolateGreens, absent as interpolateGreys, absent as interpolateInferno,
  absent as interpolateMagma, absent as interpolateOrRd, absent as interpolateOranges, absent as interpolatePRGn,
  absent as interpolatePiYG, absent as interpolatePlasma, absent as interpolatePuBu, absent as interpolatePuBuGn,
  absent as interpolatePuOr, absent as interpolatePuRd, absent as interpolatePurples, absent as interpolateRainbow,
  absent as interpolateRdBu, absent as interpolateRdGy, absent as interpolateRdPu, absent as interpolateRdYlBu,
  absent as interpolateRdYlGn, absent as interpolateReds, absent as interpolateSinebow, absent as interpolateSpectral,
  absent as interpolateTurbo, absent as interpolateViridis, absent as interpolateWarm, absent as interpolateYlGn,
  absent as interpolateYlGnBu, absent as interpolateYlOrBr, absent as interpolateYlOrRd, absent as schemeAccent,
  absent as schemeBlues, absent as schemeBrBG, absent as schemeBuGn, absent as schemeBuPu, absent as schemeCategory10,
  absent as schemeDark2, absent as schemeGnBu, absent as schemeGreens, absent as schemeGreys,
  absent as schemeObservable10, absent as schemeOrRd, absent as schemeOranges, absent as schemePRGn,
  absent as schemePaired, absent as schemePastel1, absent as schemePastel2, absent as schemePiYG,
  absent as schemePuBu, absent as schemePuBuGn, absent as schemePuOr, absent as schemePuRd, absent as schemePurples,
  absent as schemeRdBu, absent as schemeRdGy, absent as schemeRdPu, absent as schemeRdYlBu, absent as schemeRdYlGn,
  absent as schemeReds, absent as schemeSet1, absent as schemeSet2, absent as schemeSet3, absent as schemeSpectral,
  absent as schemeTableau10, absent as schemeYlGn, absent as schemeYlGnBu, absent as schemeYlOrBr,
  absent as schemeYlOrRd,
};
// Axes of dates.
export {
  absent as scaleTime, absent as scaleUtc, absent as timeFormat, absent as utcFormat,
};
// Rasters of scattered points, trees, colour legends, chance.
export {
  absent as Delaunay, absent as axisBottom, absent as cluster, absent as randomLcg, absent as stratify, absent as tree,
};
