/* Mouse, touch and keys. */
(function () {
  "use strict";

  var parts = window.AreaMapParts = window.AreaMapParts || {};
  var NO_DATA = -1;

  parts.input = {
    listen: function () {
      var self = this, map = this.map;
      map.on("click", function (e) {
        var point = self.pointAt(e.latlng);
        if (self.justDragged) return;
        if (self.state && self.state.pins) self.setPin(e.latlng);
        else if (point && point.id) self.pick(point);
        else if (!self.justBrushed) self.choose(self.areaAt(e.latlng));
        self.setFocus(-1);
        self.tipFor = null; self.hover(e);
      });
      map.on("mousemove", function (e) { self.hover(e); });
      map.on("mouseout", function () { self.hover(null); });
      map.on("dragstart", function () { self.moved = true; });
      this.container.addEventListener("wheel", function () { self.moved = true; }, { passive: true });
      map.on("movestart", function () { self.tip.classList.remove("am-on"); });

      function place(event) {
        var area = self.areaAt(map.mouseEventToLatLng(event));
        if (area < 0 || self.stroke.has(area) || !self.canPlace(area)) return;
        self.stroke.add(area);
        self.applyStroke();
        self.repaint();
      }
      this.container.addEventListener("pointerdown", function (e) {
        self.justBrushed = false;
        if (!self.geometry || !self.state || self.state.mode !== "draw" || e.button !== 0 ||
          typeof self.state.active !== "number") return;
        if (!(self.brush || e.shiftKey) || e.target.closest(".am-legend, .am-buttons")) return;
        self.stroke = new Set();
        self.strokeFootprint = self.state.active;
        map.dragging.disable();
        self.container.setPointerCapture(e.pointerId);
        place(e);
      });
      this.container.addEventListener("pointermove", function (e) {
        if (!self.stroke) return;
        var steps = e.getCoalescedEvents ? e.getCoalescedEvents() : [];
        (steps.length ? steps : [e]).forEach(place);
      });
      function finish() {
        if (!self.stroke) return;
        var areas = Array.from(self.stroke);
        self.stroke = null;
        self.justBrushed = true;
        if (!self.brush) map.dragging.enable();
        if (!areas.length) return;
        self.record("assign", areas, self.strokeFootprint);
        self.say(areas.length + (areas.length === 1 ? " area" : " areas") + " placed");
      }
      window.addEventListener("pointerup", finish);
      window.addEventListener("pointercancel", finish);

      this.container.addEventListener("keydown", function (e) { self.key(e); });
      this.container.addEventListener("focus", function () { map.scrollWheelZoom.enable(); });
      this.container.addEventListener("blur", function () { map.scrollWheelZoom.disable(); self.setFocus(-1); self.tip.classList.remove("am-on"); });
      map.scrollWheelZoom.disable();
      new ResizeObserver(function () {
        map.invalidateSize({ animate: false });
        if (!self.moved) self.fit(null, true);
        self.repaint();
      }).observe(this.container);
      window.addEventListener("message", function (e) {
        if (!e.data || e.data.type !== "streamlit:render" || !e.data.theme) return;
        self.pageTheme = e.data.theme.base === "dark" ? "dark" : "light";
        if (self.state) { self.setTheme(self.state.theme || self.pageTheme); self.repaint(); }
      });
    },

    /* What the brush has passed since it was put down, whatever the server has said in between. */
    applyStroke: function () {
      if (!this.footprints) this.footprints = new Int16Array(this.geometry.count).fill(NO_DATA);
      this.stroke.forEach(function (area) { this.footprints[area] = this.strokeFootprint; }, this);
    },

    hover: function (e) {
      var area = e ? this.areaAt(e.latlng) : -1, point = e ? this.pointAt(e.latlng) : null;
      this.container.classList.toggle("am-movable", !!(point && point.movable));
      if (area !== this.hovered) { this.hovered = area; this.marks.paint(); }
      if (!e || (area < 0 && !point)) { this.tip.classList.remove("am-on"); return; }
      var wanted = point ? "p" + point.name : "a" + area;
      if (this.tipFor !== wanted) this.fillTip(area, point);
      this.tipFor = wanted;
      this.placeTip(e.containerPoint);
    },

    key: function (e) {
      if (!this.geometry || e.ctrlKey || e.metaKey || e.altKey || e.target !== this.container) return;
      var ways = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
      if (ways[e.key]) this.setFocus(this.step(ways[e.key]), true);
      else if ((e.key === "Enter" || e.key === " ") && this.focused >= 0) { this.choose(this.focused); this.fillTip(this.focused, null); }
      else if (e.key === "+" || e.key === "=") this.zoomBy(1);
      else if (e.key === "-") this.zoomBy(-1);
      else if (e.key === "Escape") { this.setFocus(-1); this.container.blur(); }
      else return;
      e.preventDefault();
    },

    setFocus: function (area, announce) {
      this.focused = area;
      this.marks.paint();
      if (area < 0) return;
      var p = this.geometry.labels[area], m = this.geometry.middle, scale = 256 * Math.pow(2, this.map.getZoom());
      var at = L.point((p[0] + m[0]) * scale, (p[1] + m[1]) * scale).subtract(this.map.getPixelOrigin());
      var shown = this.map.layerPointToContainerPoint(at), size = this.map.getSize();
      if (shown.x < 30 || shown.y < 30 || shown.x > size.x - 30 || shown.y > size.y - 30) {
        this.moved = true;
        this.map.panTo(this.map.layerPointToLatLng(at), { animate: false });
        shown = this.map.layerPointToContainerPoint(at);
      }
      if (announce) { this.say(this.words(area)); this.fillTip(area, null); this.placeTip(shown); }
    },

    setBrush: function (on) {
      this.brush = on;
      this.brushButton.setAttribute("aria-pressed", on ? "true" : "false");
      this.container.classList.toggle("am-brushing", on);
      if (on) this.map.dragging.disable(); else this.map.dragging.enable();
    },

    canPlace: function (area) {
      var now = this.footprints ? this.footprints[area] : NO_DATA, active = this.state.active;
      return now !== active && !this.locked.has(now) && !this.locked.has(active);
    },

    choose: function (area) {
      if (!this.state || area < 0) return;
      var name = this.geometry.names[area], names = this.state.footprintNames || [];
      if (this.state.mode !== "draw") { this.record("select", [area]); this.say(this.words(area) + ", selected"); return; }
      if (typeof this.state.active !== "number") return;
      var now = this.footprints ? this.footprints[area] : NO_DATA;
      if (this.canPlace(area)) {
        this.record("assign", [area], this.state.active);
        this.say(this.state.active < 0 ? name + " is now in no footprint" : name + " is now in " + names[this.state.active]);
        this.note("");
      } else if (now !== this.state.active) {
        var held = this.locked.has(now) ? names[now] : names[this.state.active];
        this.note(held + " is locked. Unlock it to change it."); this.say(held + " is locked");
      }
    },

    pick: function (point) { this.send({ kind: "place", codes: [point.id] }); if (!this.state.turns) this.say(point.name + ", selected"); },

    zoomBy: function (steps) { this.moved = true; this.map.setZoom(this.map.getZoom() + steps); }
  };
})();
