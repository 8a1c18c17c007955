/* What stands round and over the areas as HTML: legend, buttons, tooltip, notes, announcements, list of places.
   Text from data is only ever set as textContent. */
(function () {
  "use strict";

  var parts = window.AreaMapParts = window.AreaMapParts || {};
  var NO_DATA = -1, SUPPRESSED = -2;
  var SVG = "http://www.w3.org/2000/svg";

  function element(tag, className, parent, text) {
    var node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined && text !== null) node.textContent = text;
    if (parent) parent.appendChild(node);
    return node;
  }

  parts.furniture = {
    buildFurniture: function () {
      var self = this, box = this.container;
      box.classList.add("am");
      box.setAttribute("tabindex", "0");
      box.setAttribute("role", "application");
      box.setAttribute("aria-label", this.config.label);
      this.help = element("p", "am-hidden", document.body,
        "Map. Arrow keys move between areas, Enter or Space chooses one, plus and minus zoom, Escape leaves. " +
        "The table on this page says the same.");
      this.help.id = "am-help";
      box.setAttribute("aria-describedby", "am-help");
      if (window.frameElement) window.frameElement.title = this.config.label;
      document.title = this.config.label;
      this.live = element("div", "am-hidden", document.body);
      this.live.setAttribute("aria-live", "polite");
      this.live.setAttribute("role", "status");
      this.placeList = element("ul", "am-hidden", document.body);
      this.placeList.setAttribute("aria-label", "Places on the map");
      this.placeList.hidden = true;
      this.legend = element("section", "am-legend", box);
      this.legend.setAttribute("aria-label", "Legend");
      this.legend.hidden = true;
      this.tip = element("div", "am-tip", box);
      this.tip.setAttribute("aria-hidden", "true");
      this.noteBox = element("p", "am-note", box);
      this.noteBox.setAttribute("role", "status");
      this.credit = element("p", "am-credit", box);
      this.credit.setAttribute("role", "status");
      var bar = element("div", "am-buttons", box);
      function button(path, label, action) {
        var b = element("button", "", bar), svg = document.createElementNS(SVG, "svg"), line = document.createElementNS(SVG, "path");
        b.type = "button"; b.title = label; b.setAttribute("aria-label", label);
        svg.setAttribute("viewBox", "0 0 20 20"); svg.setAttribute("aria-hidden", "true");
        line.setAttribute("d", path);
        svg.appendChild(line); b.appendChild(svg);
        b.addEventListener("click", action);
        return b;
      }
      button("M10 4V16M4 10H16", "Zoom in", function () { self.zoomBy(1); });
      button("M4 10H16", "Zoom out", function () { self.zoomBy(-1); });
      button("M3 7V3H7M13 3H17V7M17 13V17H13M7 17H3V13", "Zoom to the whole authority", function () {
        self.moved = false;
        self.fit(null);
      });
      this.brushButton = button("M17 3L9 11M9 11Q5 11 5 15Q5 16 3 17Q9 18 10 14Q10 12 9 11Z",
        "Brush: drag to place many areas", function () { self.setBrush(!self.brush); });
      this.brushButton.hidden = true;
      this.setBrush(false);
      [this.legend, bar].forEach(function (node) {
        L.DomEvent.disableClickPropagation(node); L.DomEvent.disableScrollPropagation(node);
      });
    },

    note: function (text) { this.noteBox.textContent = text; this.noteBox.hidden = !text; },

    say: function (text) { this.live.textContent = text.replace(/%/g, " per cent"); },

    showCredit: function () {
      var s = this.state, lines = [s.attribution];
      if (this.tiles && s.base) lines.push(s.base.attribution);
      if (this.baseMissing) lines.unshift("Background map out of reach");
      this.credit.textContent = lines.filter(Boolean).join(" \u00b7 ");
    },

    tipLines: function (area) {
      var lines = [], s = this.state, tips = this.tips;
      if (this.turned.size) tips = null; // words of before the click
      if (tips && tips.values && tips.values[area]) lines.push(tips.values[area]);
      else if (this.classes && this.classes[area] === NO_DATA) lines.push("No data");
      else if (this.classes && this.classes[area] === SUPPRESSED) lines.push("Suppressed");
      if (tips && tips.comparisons && tips.comparisons[area]) lines.push(tips.comparisons[area]);
      if (s.footprintNames && s.footprintNames.length && this.footprints) {
        var f = this.footprints[area];
        lines.push(f >= 0 ? "In " + s.footprintNames[f] + (this.locked.has(f) ? " (locked)" : "") : "In no footprint");
      }
      return lines;
    },

    words: function (area) { return [this.geometry.names[area]].concat(this.tipLines(area)).join(", "); },

    swatch: function (entry, parent) {
      var box = element("span", "am-swatch", parent);
      if (entry.fill === NO_DATA) box.classList.add("am-nodata");
      else if (entry.fill === SUPPRESSED) box.classList.add("am-suppressed");
      else box.style.backgroundColor = entry.colour || (this.state.palette || [])[entry.fill] || "transparent";
    },

    /* A circle of the map as the key to its size; all keys are as wide as the largest. */
    circleKey: function (size, parent) {
      var wide = 2 * this.state.circlePx + 3, high = Math.ceil(2 * this.circleRadius(size)) + 3;
      var canvas = element("canvas", "am-circle", parent), ratio = window.devicePixelRatio || 1;
      canvas.width = wide * ratio; canvas.height = high * ratio;
      canvas.style.width = wide + "px"; canvas.style.height = high + "px";
      canvas.setAttribute("aria-hidden", "true");
      var ctx = canvas.getContext("2d");
      ctx.scale(ratio, ratio);
      this.drawCircle(ctx, size, wide / 2, high / 2);
    },

    /* Paper has no button to open the legend, and colours without a key say nothing. */
    openLegendOnPaper: function () {
      var self = this, folded = false;
      window.matchMedia("print").addEventListener("change", function (event) {
        var details = self.legend.firstChild;
        if (!details) return;
        if (event.matches) { folded = !details.open; details.open = true; }
        else if (folded) details.open = false;
      });
    },

    buildLegend: function () {
      var s = this.state, self = this, legend = s && s.legend;
      if (!this.onPaper) { this.onPaper = true; this.openLegendOnPaper(); }
      var open = this.legend.firstChild ? this.legend.firstChild.open : this.map.getSize().x >= 480;
      this.legend.textContent = "";
      this.legend.hidden = !legend;
      if (!legend) return;
      var details = element("details", "", this.legend);
      details.open = open;
      element("summary", "", details, legend.title);
      if (legend.unit) element("p", "am-unit", details, legend.unit);
      var list = element("ul", "", details);
      legend.entries.forEach(function (entry) {
        var row = element("li", "", list);
        if (entry.circle) { self.circleKey(entry.circle, row); element("span", "am-range", row, entry.label); return; }
        self.swatch(entry, row);
        row = element("span", "am-range", row, entry.label);
        if (legend.authority && legend.authority.fill === entry.fill)
          element("span", "am-mark am-authority", row, legend.authority.label);
        if (self.selected >= 0 && self.classes && self.classes[self.selected] === entry.fill)
          element("span", "am-mark am-chosen", row, self.selectedName());
      });
      if (this.circles && this.selected >= 0 && this.circles[this.selected] > 0) {
        var own = element("li", "", list), said = this.tips && this.tips.values && this.tips.values[this.selected];
        this.circleKey(this.circles[this.selected], own);
        own = element("span", "am-range", own, said || "");
        element("span", "am-mark am-chosen", own, this.selectedName());
      }
      (s.kinds || []).forEach(function (kind, i) {
        if (s.turns && self.kindsNow.indexOf(i.toString(36)) < 0) return; // no place of this kind now
        var row = element("li", "", list), canvas = element("canvas", "am-shape", row), ratio = window.devicePixelRatio || 1;
        canvas.width = canvas.height = 18 * ratio;
        canvas.setAttribute("aria-hidden", "true");
        var ctx = canvas.getContext("2d");
        ctx.scale(ratio, ratio);
        self.drawShape(ctx, kind, 9, 9);
        element("span", "am-range", row, kind.label);
      });
      if (this.differs) {
        var row = element("li", "", list);
        element("span", "am-swatch am-differs", row);
        element("span", "am-range", row, legend.differs || "Differs between the maps");
      }
      if (!this.framed) { this.framed = true; if (this.fitted && !this.moved) this.fit(null, true); }
    },

    setPoints: function (points) {
      var kinds = this.state.kinds || [], given = this.kindsNow, told = given ? given + kinds.map(function (kind) { return kind.id; }) : "";
      if (points === this.pointSource && told === this.pointKinds && !this.dropped) return;
      this.dropped = false;
      this.pointSource = points;
      this.pointKinds = told;
      var styles = {}, self = this, order = kinds.map(function (kind) { return kind.id; });
      kinds.forEach(function (kind) { styles[kind.id] = kind; });
      if (given) { // later kinds over earlier ones
        points = points.map(function (row, i) { return [order[parseInt(given[i], 36)]].concat(row.slice(1)); });
        points.sort(function (a, b) { return order.indexOf(a[0]) - order.indexOf(b[0]); });
      }
      this.placeList.textContent = "";
      this.placeList.hidden = !points.length;
      this.points = points.map(function (row) {
        var p = parts.mercator(row[2], row[3]), m = self.geometry.middle, style = styles[row[0]] || { label: row[0] };
        element("li", "", self.placeList, row[1] + " (" + style.label + ")");
        return { id: row[4] || "", movable: row[5] === 1, style: style, name: row[1], x: p[0] - m[0], y: p[1] - m[1] };
      });
      this.pending.forEach(function (event) { if (event.kind === "drag") self.apply(event); });
    },

    fillTip: function (area, point) {
      this.tip.textContent = "";
      element("strong", "", this.tip, point ? point.name : this.geometry.names[area]);
      var lines = point ? [point.style.label] : this.tipLines(area);
      lines.forEach(function (line) { element("span", "", this.tip, line); }, this);
    },

    placeTip: function (p) {
      var size = this.map.getSize(), tip = this.tip;
      tip.classList.add("am-on");
      var w = tip.offsetWidth, h = tip.offsetHeight;
      tip.style.left = Math.max(4, p.x + 16 + w > size.x ? p.x - w - 12 : p.x + 16) + "px";
      tip.style.top = Math.max(4, p.y + 16 + h > size.y ? p.y - h - 12 : p.y + 16) + "px";
    }
  };
})();
