/* All that is drawn on the two canvases: areas and footprint lines below, marks, places and names above. */
(function () {
  "use strict";

  var parts = window.AreaMapParts = window.AreaMapParts || {};
  var NO_DATA = -1, SUPPRESSED = -2, OUTSIDE = -9;
  var FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
  var THEMES = {
    light: { fill: "#E4E8ED", empty: "#F1F2F4", hatch: "#8C939C", dots: "#4B5563", areaLine: "rgba(148,158,174,.95)",
      edge: "rgba(40,50,66,.75)", footprint: "#14181F", casing: "rgba(255,255,255,.85)", text: "#14181F",
      halo: "rgba(255,255,255,.95)", selected: "#D9480F", selectedCasing: "#FFFFFF", differs: "rgba(20,24,31,.8)",
      partner: "#801650", circle: "rgba(32,115,188,.8)", circleEdge: "#FFFFFF" },
    dark: { fill: "#2B3340", empty: "#222934", hatch: "#7C8796", dots: "#C3CAD4", areaLine: "rgba(120,132,150,.9)",
      edge: "rgba(226,232,240,.6)", footprint: "#F8FAFC", casing: "rgba(10,13,18,.85)", text: "#F8FAFC",
      halo: "rgba(10,13,18,.92)", selected: "#FF922B", selectedCasing: "#0B0E13", differs: "rgba(255,255,255,.85)",
      partner: "#F2A9D0", circle: "rgba(127,179,222,.85)", circleEdge: "#0B0E13" }
  };
  var FOCUS = { inner: "#FFDD00", outer: "#0B0C0C" };

  /* A canvas that moves and scales with the map; `draw` paints it. */
  var Sheet = L.Renderer.extend({
    initialize: function (draw) { this._draw = draw; L.Renderer.prototype.initialize.call(this, { padding: 0.25 }); },
    _initContainer: function () {
      this._container = document.createElement("canvas");
      this._container.setAttribute("aria-hidden", "true");
      this._context = this._container.getContext("2d");
    },
    _destroyContainer: function () { L.DomUtil.remove(this._container); },
    _update: function () {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      var size = this._bounds.getSize(), ratio = window.devicePixelRatio || 1, canvas = this._container;
      L.DomUtil.setPosition(canvas, this._bounds.min);
      canvas.width = Math.round(size.x * ratio); canvas.height = Math.round(size.y * ratio);
      canvas.style.width = size.x + "px"; canvas.style.height = size.y + "px";
      this.fire("update");
    },
    _updatePaths: function () { this.paint(); },
    paint: function () {
      if (!this._map || !this._bounds) return;
      var ratio = window.devicePixelRatio || 1, size = this._bounds.getSize(), ctx = this._context;
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      ctx.clearRect(0, 0, size.x, size.y);
      this._draw(ctx, size);
    },
    /* Where Mercator units fall on this canvas. */
    frame: function (geometry) {
      var scale = 256 * Math.pow(2, this._zoom), origin = this._map.getPixelOrigin();
      return { scale: scale, x: geometry.middle[0] * scale - origin.x - this._bounds.min.x,
        y: geometry.middle[1] * scale - origin.y - this._bounds.min.y };
    }
  });

  parts.Sheet = Sheet;
  parts.painting = {
    repaint: function () {
      var self = this;
      if (this.frameAsked) return;
      this.frameAsked = true;
      requestAnimationFrame(function () {
        self.frameAsked = false;
        self.sheet.paint(); self.marks.paint();
        self.paints += 1; self.painted = performance.now();
      });
    },

    trace: function (ctx, f, area) {
      var arcs = this.geometry.arcs;
      this.geometry.rings[area].forEach(function (rings) {
        rings.forEach(function (refs) {
          for (var r = 0; r < refs.length; r++) {
            var ref = refs[r], xy = arcs[ref < 0 ? ~ref : ref], i;
            if (ref >= 0) {
              if (r === 0) ctx.moveTo(xy[0] * f.scale + f.x, xy[1] * f.scale + f.y);
              for (i = 2; i < xy.length; i += 2) ctx.lineTo(xy[i] * f.scale + f.x, xy[i + 1] * f.scale + f.y);
            } else {
              var end = xy.length - 2;
              if (r === 0) ctx.moveTo(xy[end] * f.scale + f.x, xy[end + 1] * f.scale + f.y);
              for (i = end - 2; i >= 0; i -= 2) ctx.lineTo(xy[i] * f.scale + f.x, xy[i + 1] * f.scale + f.y);
            }
          }
          ctx.closePath();
        });
      });
    },

    traceArc: function (ctx, f, arc) {
      var xy = this.geometry.arcs[arc];
      ctx.moveTo(xy[0] * f.scale + f.x, xy[1] * f.scale + f.y);
      for (var i = 2; i < xy.length; i += 2) ctx.lineTo(xy[i] * f.scale + f.x, xy[i + 1] * f.scale + f.y);
    },

    visible: function (f, size, area) {
      var b = this.geometry.boxes[area];
      return b[2] * f.scale + f.x >= 0 && b[0] * f.scale + f.x <= size.x && b[3] * f.scale + f.y >= 0 && b[1] * f.scale + f.y <= size.y;
    },

    pattern: function (ctx, kind) {
      var t = THEMES[this.theme], tile = document.createElement("canvas"), c;
      tile.width = tile.height = kind === "differs" ? 9 : 8;
      c = tile.getContext("2d");
      if (kind === "dots") {
        c.fillStyle = t.dots;
        c.beginPath(); c.arc(2, 2, 1.1, 0, 7); c.arc(6, 6, 1.1, 0, 7); c.fill();
      } else {
        var n = tile.width;
        c.strokeStyle = kind === "differs" ? t.differs : t.hatch;
        c.lineWidth = kind === "differs" ? 1.6 : 1.2;
        c.beginPath();
        [-n, 0, n].forEach(function (d) {
          if (kind === "differs") { c.moveTo(d - 1, -1); c.lineTo(d + n + 1, n + 1); }
          else { c.moveTo(d - 1, n + 1); c.lineTo(d + n + 1, -1); }
        });
        c.stroke();
      }
      return ctx.createPattern(tile, "repeat");
    },

    fillOf: function (area) {
      var s = this.state;
      if (this.classes) return this.classes[area];
      if (this.footprints && s.footprintColours && this.footprints[area] >= 0) return this.footprints[area];
      return OUTSIDE;
    },

    drawAreas: function (ctx, size) {
      var g = this.geometry, s = this.state, t = THEMES[this.theme], self = this, a, i;
      if (!g || !s) return;
      var f = this.sheet.frame(g), groups = new Map();
      for (a = 0; a < g.count; a++) {
        if (!this.visible(f, size, a)) continue;
        var key = this.fillOf(a);
        if (!groups.has(key)) groups.set(key, []);
        groups.get(key).push(a);
      }
      var colours = this.classes ? s.palette || [] : s.footprintColours || [];
      ctx.globalAlpha = this.tiles ? 0.72 : 1;
      groups.forEach(function (areas, key) {
        ctx.beginPath();
        areas.forEach(function (area) { self.trace(ctx, f, area); });
        ctx.fillStyle = key === OUTSIDE ? t.fill : key < 0 ? t.empty : colours[key] || t.fill;
        ctx.fill("evenodd");
        if (key === NO_DATA || key === SUPPRESSED) {
          ctx.fillStyle = self.pattern(ctx, key === NO_DATA ? "hatch" : "dots");
          ctx.fill("evenodd");
        }
      });
      ctx.globalAlpha = 1;
      ctx.lineJoin = ctx.lineCap = "round";
      var inner = [], edge = [], lines = [], fp = this.footprints;
      for (i = 0; i < g.arcs.length; i++) {
        var l = g.left[i], r = g.right[i];
        (l < 0 || r < 0 ? edge : inner).push(i);
        if (fp) {
          var fl = l < 0 ? OUTSIDE : fp[l], fr = r < 0 ? OUTSIDE : fp[r];
          if (fl !== fr && (fl >= 0 || fr >= 0)) lines.push(i);
        }
      }
      function stroke(arcs, colour, width) {
        ctx.beginPath();
        arcs.forEach(function (arc) { self.traceArc(ctx, f, arc); });
        ctx.strokeStyle = colour; ctx.lineWidth = width; ctx.stroke();
      }
      stroke(inner, t.areaLine, g.count > 1500 ? 0.5 : 0.8);
      stroke(edge, t.edge, 1.1);
      if (this.differs) {
        ctx.beginPath();
        this.differs.forEach(function (area) { self.trace(ctx, f, area); });
        ctx.fillStyle = this.pattern(ctx, "differs"); ctx.fill("evenodd");
      }
      if (s.links && g.links.length) {
        ctx.beginPath();
        g.links.forEach(function (link) {
          var p = g.labels[link[0]], q = g.labels[link[1]];
          ctx.moveTo(p[0] * f.scale + f.x, p[1] * f.scale + f.y); ctx.lineTo(q[0] * f.scale + f.x, q[1] * f.scale + f.y);
        });
        ctx.setLineDash([2, 6]); ctx.strokeStyle = t.text; ctx.lineWidth = 1.6; ctx.stroke(); ctx.setLineDash([]);
      }
      if (lines.length) { stroke(lines, t.casing, 5.5); stroke(lines, t.footprint, 2.8); }
    },

    /* A member of each footprint near to its middle and roomy, where its name stands (-1 for none): of one
       that bends round another, the middle is on its edge or outside. */
    namePlaces: function () {
      var g = this.geometry, fp = this.footprints, n = (this.state.footprintNames || []).length, a;
      var sums = [], best = [];
      for (a = 0; a < n; a++) { sums.push([0, 0, 0]); best.push([Infinity, -1]); }
      for (a = 0; a < g.count; a++) {
        var s = sums[fp[a]], b = g.boxes[a];
        if (!s) continue;
        var w = (b[2] - b[0]) * (b[3] - b[1]);
        s[0] += w * g.labels[a][0]; s[1] += w * g.labels[a][1]; s[2] += w;
      }
      for (a = 0; a < g.count; a++) {
        var m = sums[fp[a]];
        if (!m) continue;
        var room = g.boxes[a], side = Math.min(room[2] - room[0], room[3] - room[1]);
        var d = Math.hypot(g.labels[a][0] - m[0] / m[2], g.labels[a][1] - m[1] / m[2]) - side;
        if (d < best[fp[a]][0]) best[fp[a]] = [d, a];
      }
      return best.map(function (pair) { return pair[1]; });
    },

    circleRadius: function (size) { return Math.max(1.5, this.state.circlePx * size / 35); },

    drawCircle: function (ctx, size, x, y) {
      var t = THEMES[this.theme];
      ctx.beginPath(); ctx.arc(x, y, this.circleRadius(size), 0, 2 * Math.PI);
      ctx.fillStyle = t.circle; ctx.fill();
      ctx.strokeStyle = t.circleEdge; ctx.lineWidth = 1; ctx.stroke();
    },

    /* Counts: one circle an area or footprint, the smaller ones over the larger. */
    drawCircles: function (ctx, f) {
      var circles = this.circles, g = this.geometry, self = this, places = [], a;
      if (!circles) return;
      if (this.footprints) places = this.namePlaces().filter(function (area) { return area >= 0; });
      else for (a = 0; a < g.count; a++) places.push(a);
      places = places.filter(function (area) { return circles[area] > 0; });
      places.sort(function (p, q) { return circles[q] - circles[p]; });
      places.forEach(function (area) {
        self.drawCircle(ctx, circles[area], g.labels[area][0] * f.scale + f.x, g.labels[area][1] * f.scale + f.y);
      });
    },

    drawLabels: function (ctx, f, t) {
      var names = this.state.footprintLabels || [], g = this.geometry;
      if (!this.footprints || !names.length) return;
      var placed = [];
      ctx.textAlign = "center"; ctx.textBaseline = "middle"; ctx.lineJoin = "round";
      this.namePlaces().forEach(function (area, i) {
        if (area < 0) return;
        var text = names[i], p = g.labels[area], x = p[0] * f.scale + f.x, y = p[1] * f.scale + f.y;
        ctx.font = (text.length > 3 ? "600 14px " : "700 19px ") + FONT;
        var half = ctx.measureText(text).width / 2 + 3;
        function clash(other) { return Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < 19; }
        for (var tries = 0; tries < 6 && placed.some(clash); tries++) y += 10;
        placed.push({ x: x, y: y, half: half });
        ctx.strokeStyle = t.halo; ctx.lineWidth = 5; ctx.strokeText(text, x, y);
        ctx.fillStyle = t.text; ctx.fillText(text, x, y);
      });
    },

    drawShape: function (ctx, style, x, y) {
      var r = style.size || 5.5, corners = { square: 4, diamond: 4, triangle: 3, pentagon: 5, hexagon: 6 }[style.shape], k;
      ctx.beginPath();
      if (style.shape === "cross") {
        var w = r * 0.42;
        [[-w, -r], [w, -r], [w, -w], [r, -w], [r, w], [w, w], [w, r], [-w, r], [-w, w], [-r, w], [-r, -w], [-w, -w]]
          .forEach(function (p, i) { ctx[i ? "lineTo" : "moveTo"](x + p[0], y + p[1]); });
        ctx.closePath();
      } else if (style.shape === "star") {
        for (k = 0; k < 10; k++) {
          var rr = k % 2 ? r * 0.5 : r * 1.2, sa = -Math.PI / 2 + k * Math.PI / 5;
          ctx[k ? "lineTo" : "moveTo"](x + rr * Math.cos(sa), y + rr * Math.sin(sa));
        }
        ctx.closePath();
      } else if (corners) {
        var turn = style.shape === "square" ? Math.PI / 4 : -Math.PI / 2, big = corners < 5 ? r * 1.2 : r * 1.05;
        for (k = 0; k < corners; k++)
          ctx[k ? "lineTo" : "moveTo"](x + big * Math.cos(turn + k * 2 * Math.PI / corners), y + big * Math.sin(turn + k * 2 * Math.PI / corners));
        ctx.closePath();
      } else ctx.arc(x, y, r, 0, 7);
      ctx.lineJoin = "round";
      ctx.strokeStyle = "#FFFFFF"; ctx.lineWidth = 3; ctx.stroke();
      ctx.fillStyle = style.colour || "#12436D"; ctx.fill();
    },

    /* Areas of somebody else: lines and names in Mercator units about the map's middle. */
    setOverlay: function (overlay) {
      if (overlay === this.overlaySource) return;
      this.overlaySource = overlay;
      var middle = this.geometry.middle;
      function place(lon, lat) { var p = parts.mercator(lon, lat); return [p[0] - middle[0], p[1] - middle[1]]; }
      this.overlay = overlay && {
        fine: overlay.fine,
        names: overlay.names.map(function (name) { return { text: name[0], at: place(name[1], name[2]) }; }),
        lines: overlay.lines.map(function (line) {
          var points = [];
          for (var i = 0; i < line.length; i += 2) points.push(place(line[i], line[i + 1]));
          return points;
        })
      };
    },

    drawOverlay: function (ctx, f, t) {
      if (!this.overlay) return;
      function x(p) { return p[0] * f.scale + f.x; }
      function y(p) { return p[1] * f.scale + f.y; }
      ctx.beginPath();
      this.overlay.lines.forEach(function (line) {
        line.forEach(function (p, i) { ctx[i ? "lineTo" : "moveTo"](x(p), y(p)); });
      });
      var fine = this.overlay.fine;
      ctx.strokeStyle = t.casing; ctx.lineWidth = fine ? 3.5 : 5; ctx.stroke();
      ctx.lineCap = "butt"; ctx.setLineDash(fine ? [6, 3] : [9, 6]);
      ctx.strokeStyle = t.partner; ctx.lineWidth = fine ? 2 : 3; ctx.stroke();
      ctx.setLineDash([]); ctx.lineCap = "round";
      ctx.textAlign = "center"; ctx.textBaseline = "middle"; ctx.font = "italic 600 13px " + FONT;
      var placed = [];
      this.overlay.names.forEach(function (name) {  // a name without room waits for a closer look
        var px = x(name.at), py = y(name.at), half = ctx.measureText(name.text).width / 2 + 3;
        if (placed.some(function (o) { return Math.abs(o.x - px) < o.half + half && Math.abs(o.y - py) < 17; })) return;
        placed.push({ x: px, y: py, half: half });
        ctx.strokeStyle = t.halo; ctx.lineWidth = 4; ctx.strokeText(name.text, px, py);
        ctx.fillStyle = t.partner; ctx.fillText(name.text, px, py);
      });
    },

    drawMarks: function (ctx) {
      var g = this.geometry, t = THEMES[this.theme], self = this;
      if (!g || !this.state) return;
      var f = this.marks.frame(g);
      ctx.lineJoin = ctx.lineCap = "round";
      function outline(area, strokes) {
        if (area < 0) return;
        // thinner round a small area, so that its own colour stays in sight
        var b = g.boxes[area], thin = Math.max(0.45, Math.min(1, f.scale * Math.min(b[2] - b[0], b[3] - b[1]) / 30));
        ctx.beginPath(); self.trace(ctx, f, area);
        strokes.forEach(function (s) { ctx.strokeStyle = s[0]; ctx.lineWidth = s[1] * thin; ctx.stroke(); });
      }
      this.drawCircles(ctx, f);
      this.drawOverlay(ctx, f, t);
      outline(this.hovered, [[t.footprint, 1.8]]);
      var whole = this.selectedFootprint(), arcs = whole < 0 ? [] : this.outlineOf(whole);
      if (whole < 0) outline(this.selected, [[t.selectedCasing, 7], [t.selected, 3.6]]);
      [[t.selectedCasing, 7], [t.selected, 3.6]].forEach(function (s) {
        ctx.strokeStyle = s[0]; ctx.lineWidth = s[1];
        ctx.beginPath(); arcs.forEach(function (arc) { self.traceArc(ctx, f, arc); });
        if (arcs.length) ctx.stroke();
      });
      outline(this.focused, [[FOCUS.outer, 6.5], [FOCUS.inner, 3.5]]);
      this.drawHandles(ctx, f, t);
      this.points.forEach(function (p) { self.drawShape(ctx, p.style, p.x * f.scale + f.x, p.y * f.scale + f.y); });
      this.drawPin(ctx, f, t);
      this.points.forEach(function (p) { // the chosen one over all others
        if (!p.id || p.id !== self.picked) return;
        var x = p.x * f.scale + f.x, y = p.y * f.scale + f.y;
        self.drawShape(ctx, p.style, x, y);
        [[t.selectedCasing, 7], [t.selected, 3.6]].forEach(function (s) {
          ctx.beginPath(); ctx.arc(x, y, 12, 0, 2 * Math.PI);
          ctx.strokeStyle = s[0]; ctx.lineWidth = s[1]; ctx.stroke();
        });
      });
      this.drawLabels(ctx, f, t);
    }
  };
})();
