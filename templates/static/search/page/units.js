// The form of a range: what its two ends and its unit ask for, and the same range in another unit.
/** @import { Scale } from "../engine/units.js" */
/** @import { Made } from "./dom.js" */
/** @import { Page } from "./main.js" */
/** @import { State } from "./state.js" */

import { ranged } from "./state.js";
import { plainNumber } from "./words.js";

const PHOTON_KEV_ANGSTROM = 12.398419843320026; // hc, CODATA 2018
const NEUTRON_MEV_ANGSTROM2 = 81.80421023; // h²/2m, CODATA 2018
/** @type {Record<string, string>} */
const PAIRED = { energy: "wavelength", wavelength: "energy" };

/** The state with the range that a form of two ends asks for. */
/** @type {(form: Made, state: State, page: Page) => State} */
export function stateOf(form, state, page) {
  const key = form.dataset.range;
  const [low, high] = [...form.querySelectorAll("input")].map((input) => input.value.trim().replace(/^([\d.]*),(\d+)$/, "$1.$2"));
  const unit = form.querySelector("select")?.value ?? "";
  const measured = measuredAs(key, unit, page);
  const without = ranged(state, key, "");
  return low || high ? ranged(without, measured, `${low}..${high}${unit}`) : without;
}

/** Energies in ångström are wavelengths, wavelengths in electronvolts energies. */
/** @type {(key: string, unit: string, page: Page) => string} */
function measuredAs(key, unit, page) {
  const other = PAIRED[key];
  if (!other) return key;
  const [, own] = page.quantities[key];
  return page.units[unit]?.[0] === page.units[own]?.[0] ? key : other;
}

/** Writes a form's ends in the unit that was just picked; between energy and wavelength the ends change places. */
/** @type {(form: Made, page: Page) => void} */
export function convert(form, page) {
  const units = form.querySelector("select");
  const inputs = [...form.querySelectorAll("input")];
  const from = units.dataset.was ?? units.querySelector("option[selected]")?.value ?? units.options[0].value;
  const [was, is] = [page.units[from], page.units[units.value]];
  units.dataset.was = units.value;
  if (!was || !is || from === units.value) return;
  const ends = inputs.map((input) => (input.value.trim() === "" ? "" : Number(input.value.replace(",", "."))));
  if (ends.some((end) => Number.isNaN(end))) return;
  const across = was[0] !== is[0];
  const made = ends.map((end) => (end === "" ? "" : across ? otherSide(end, from, was, units.value, is) : scaled(end, was, is)));
  if (across) made.reverse();
  inputs.forEach((input, place) => {
    input.value = made[place] === "" || !Number.isFinite(made[place]) ? "" : plainNumber(made[place]);
  });
}

/** @type {(value: number, from: Scale, to: Scale) => number} */
function scaled(value, [, factor, offset], [, otherFactor, otherOffset]) {
  return (value * factor + offset - otherOffset) / otherFactor;
}

/** The wavelength of an energy or the other way round: of neutrons where energies are in meV, else of photons. */
/** @type {(value: number, unit: string, scale: Scale, otherUnit: string, otherScale: Scale) => number} */
function otherSide(value, unit, scale, otherUnit, otherScale) {
  /** @type {[string, number, number]} */
  const kev = ["energy", 1.602176634e-16, 0];
  /** @type {[string, number, number]} */
  const mev = ["energy", 1.602176634e-22, 0];
  /** @type {[string, number, number]} */
  const angstrom = ["length", 1e-10, 0];
  const neutron = unit === "meV" || otherUnit === "meV";
  if (scale[0] === "energy") {
    const length = neutron
      ? Math.sqrt(NEUTRON_MEV_ANGSTROM2 / scaled(value, scale, mev))
      : PHOTON_KEV_ANGSTROM / scaled(value, scale, kev);
    return scaled(length, angstrom, otherScale);
  }
  const length = scaled(value, scale, angstrom);
  return neutron
    ? scaled(NEUTRON_MEV_ANGSTROM2 / length ** 2, mev, otherScale)
    : scaled(PHOTON_KEV_ANGSTROM / length, kev, otherScale);
}
