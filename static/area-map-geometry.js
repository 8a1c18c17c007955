/* The geometry file as arrays, and what lies where. Units: Mercator (0 to 1 round the world) less the middle of
   the map, so that float noise stays far below a pixel. */
(function () {
  "use strict";

  var parts = window.AreaMapParts = window.AreaMapParts || {};
  var NO_DATA = -1, SUPPRESSED = -2;

  /* File names change with their content, so a kept copy is always right. */
  function fetchJson(url) {
    return fetch(url, { cache: "force-cache" }).then(function (answer) {
      if (!answer.ok) throw new Error("HTTP " + answer.status);
      return answer.json();
    });
  }

  function mercator(lon, lat) {
    var s = Math.sin(lat * Math.PI / 180);
    return [lon / 360 + 0.5, 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)];
  }

  /* Geometry file to arrays in Mercator units relative to the middle of the box: float noise stays far below a pixel. */
  function decodeGeometry(file) {
    var bounds = file.bounds, unit = 1 / file.scale;
    var middle = mercator((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2);
    function local(x, y) {
      var p = mercator(x * unit, y * unit);
      return [p[0] - middle[0], p[1] - middle[1]];
    }
    var arcs = file.arcs.map(function (steps) {
      var xy = new Float64Array(steps.length), x = 0, y = 0;
      for (var i = 0; i < steps.length; i += 2) {
        x += steps[i]; y += steps[i + 1];
        var p = local(x, y);
        xy[i] = p[0]; xy[i + 1] = p[1];
      }
      return xy;
    });
    var boxes = file.rings.map(function (polygons) {
      var box = [Infinity, Infinity, -Infinity, -Infinity];
      polygons.forEach(function (rings) {
        rings.forEach(function (refs) {
          refs.forEach(function (ref) {
            var xy = arcs[ref < 0 ? ~ref : ref];
            for (var i = 0; i < xy.length; i += 2) {
              if (xy[i] < box[0]) box[0] = xy[i];
              if (xy[i] > box[2]) box[2] = xy[i];
              if (xy[i + 1] < box[1]) box[1] = xy[i + 1];
              if (xy[i + 1] > box[3]) box[3] = xy[i + 1];
            }
          });
        });
      });
      return box;
    });
    var labels = file.codes.map(function (code, i) { return local(file.labels[2 * i], file.labels[2 * i + 1]); });
    var index = new Map();
    file.codes.forEach(function (code, i) { index.set(code, i); });
    return { codes: file.codes, names: file.names, arcs: arcs, left: file.left, right: file.right, rings: file.rings,
      boxes: boxes, labels: labels, links: file.links || [], index: index, middle: middle, bounds: bounds, count: file.codes.length };
  }

  /* "01-x" or [0, 1, -1, -2] to small integers; null when there is nothing. */
  function decodeClasses(text, count) {
    if (!text || !text.length) return null;
    var out = new Int16Array(count).fill(NO_DATA);
    for (var i = 0; i < count && i < text.length; i++) {
      var c = text[i];
      out[i] = typeof c === "number" ? c : c === "-" ? NO_DATA : c === "x" ? SUPPRESSED : parseInt(c, 36);
    }
    return out;
  }

  parts.fetchJson = fetchJson;
  parts.mercator = mercator;
  parts.decodeGeometry = decodeGeometry;
  parts.decodeClasses = decodeClasses;
  parts.finding = {
    /* The footprint that is selected as a whole; -1 where areas are. */
    selectedFootprint: function () {
      if (!this.state.selectsFootprints || this.selected < 0 || !this.footprints) return -1;
      return this.footprints[this.selected];
    },

    selectedName: function () {
      var whole = this.selectedFootprint();
      return whole < 0 ? this.geometry.names[this.selected] : this.state.footprintNames[whole];
    },

    /* Arcs between a footprint and what is not in it. */
    outlineOf: function (footprint) {
      var g = this.geometry, held = this.footprints, found = [], i;
      function inside(area) { return area >= 0 && held[area] === footprint; }
      for (i = 0; i < g.arcs.length; i++) if (inside(g.left[i]) !== inside(g.right[i])) found.push(i);
      return found;
    },

    unitsAt: function (latlng) {
      var p = mercator(latlng.lng, latlng.lat), m = this.geometry.middle;
      return [p[0] - m[0], p[1] - m[1]];
    },

    areaAt: function (latlng) {
      if (!this.geometry) return -1;
      var p = this.unitsAt(latlng), x = p[0], y = p[1], g = this.geometry;
      for (var a = 0; a < g.count; a++) {
        var b = g.boxes[a];
        if (x < b[0] || x > b[2] || y < b[1] || y > b[3]) continue;
        if (this.inside(a, x, y)) return a;
      }
      return -1;
    },

    inside: function (area, x, y) {
      var odd = false, arcs = this.geometry.arcs;
      this.geometry.rings[area].forEach(function (rings) {
        rings.forEach(function (refs) {
          refs.forEach(function (ref) {
            var xy = arcs[ref < 0 ? ~ref : ref];
            for (var i = 2; i < xy.length; i += 2) {
              var y0 = xy[i - 1], y1 = xy[i + 1];
              if ((y0 > y) !== (y1 > y) && x < (xy[i] - xy[i - 2]) * (y - y0) / (y1 - y0) + xy[i - 2]) odd = !odd;
            }
          });
        });
      });
      return odd;
    },

    pointAt: function (latlng) {
      if (!this.points.length || !this.geometry) return null;
      var p = this.unitsAt(latlng), scale = 256 * Math.pow(2, this.map.getZoom()), best = null, near = 9 / scale;
      this.points.forEach(function (q) {
        var d = Math.hypot(q.x - p[0], q.y - p[1]);
        if (d <= near) { near = d; best = q; }
      });
      return best;
    },

    /* The area whose label point is nearest in that direction (within about 60 degrees of it). */
    step: function (way) {
      var g = this.geometry, from = this.focused, best = -1, least = Infinity, a;
      if (from < 0) {
        if (this.selected >= 0) return this.selected;
        var c = this.unitsAt(this.map.getCenter());
        for (a = 0; a < g.count; a++) {
          var d0 = Math.hypot(g.labels[a][0] - c[0], g.labels[a][1] - c[1]);
          if (d0 < least) { least = d0; best = a; }
        }
        return best;
      }
      for (a = 0; a < g.count; a++) {
        if (a === from) continue;
        var dx = g.labels[a][0] - g.labels[from][0], dy = g.labels[a][1] - g.labels[from][1];
        var along = dx * way[0] + dy * way[1], d = Math.hypot(dx, dy);
        if (along <= 0 || along < d * 0.5) continue;
        var cost = d * d / along;
        if (cost < least) { least = cost; best = a; }
      }
      return best < 0 ? from : best;
    },

    lonLat: function (x, y) {
      var m = this.geometry.middle, n = Math.PI * (1 - 2 * (y + m[1]));
      return [(x + m[0] - 0.5) * 360, Math.atan(Math.sinh(n)) * 180 / Math.PI];
    }
  };
})();
