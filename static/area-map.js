/* A map of areas on canvas. Geometry comes once, by URL; after that only codes and colours travel.

   window.AreaMap.create(map, config) takes a Leaflet map and returns { update(state) }.
   A click paints here at once and is kept in `pending` until the server says it has seen it (`seen`), so that
   no answer of a slow server undoes a later click. The other parts are the files area-map-*.js, loaded before. */
(function () {
  "use strict";

  var parts = window.AreaMapParts, NO_DATA = -1;

  function AreaMap(map, config) {
    var self = this;
    this.map = map; this.config = config; this.geometry = null; this.state = null; this.theme = "light";
    this.container = map.getContainer();
    this.life = Math.random().toString(36).slice(2, 10);
    this.sequence = 0; this.pending = []; this.seen = 0;
    this.stroke = null; this.hovered = -1; this.focused = -1; this.selected = -1; this.tips = null; this.points = []; this.overlay = null;
    this.files = new Map(); this.zoomRequest = 0; this.fitted = false; this.paints = 0; this.frameAsked = false;
    this.buildFurniture();
    this.buildStatus();
    this.sheet = new parts.Sheet(function (ctx, size) { self.drawAreas(ctx, size); }).addTo(map);
    this.marks = new parts.Sheet(function (ctx, size) { self.drawMarks(ctx, size); }).addTo(map);
    this.listen();
    this.listenToDrag();
    this.joinGroup();
    this.note("Loading the map\u2026");
    parts.fetchJson(config.geometryUrl).then(function (file) {
      self.geometry = parts.decodeGeometry(file);
      self.note("");
      self.fit(null, true);
      if (self.state) self.update(self.state);
      self.repaint();
      self.container.setAttribute("data-ready", "true");
    }).catch(function (fault) {
      self.note("The outlines could not be loaded (" + fault.message + "). Reload the page; nothing is lost.");
    });
  }

  Object.assign(AreaMap.prototype, parts.finding, parts.painting, parts.furniture, parts.input, parts.dragging, parts.turning, {
    update: function (state) {
      this.state = state;
      if (!this.geometry) return;
      var n = this.geometry.count, self = this;
      if (state.life === this.life && state.seen > this.seen) this.seen = state.seen;
      this.pending = this.pending.filter(function (event) { return event.n > self.seen; });
      this.classes = parts.decodeClasses(state.fills, n);
      this.circles = parts.decodeClasses(state.circles, n);
      this.footprints = parts.decodeClasses(state.footprints, n);
      this.differs = state.differs && state.differs.length ? state.differs : null;
      this.locked = new Set(state.locked || []);
      this.picked = state.picked || "";
      var pin = state.pin && parts.mercator(state.pin[0], state.pin[1]), m = this.geometry.middle;
      this.pin = pin ? [pin[0] - m[0], pin[1] - m[1]] : null;
      this.selected = this.geometry.index.has(state.selected) ? this.geometry.index.get(state.selected) : -1;
      this.pending.forEach(function (event) { self.apply(event); });
      this.countTurns();
      if (this.stroke) this.applyStroke();
      this.setTheme(state.theme || this.pageTheme || "light");
      var drawing = state.mode === "draw";
      this.brushButton.hidden = !drawing;
      if (!drawing && this.brush) this.setBrush(false);
      if (drawing) this.map.doubleClickZoom.disable(); else this.map.doubleClickZoom.enable();
      this.container.setAttribute("data-mode", state.mode);
      this.load("tips", function (tips) { self.tips = tips; self.buildLegend(); });
      this.load("points", function (points) { self.setPoints(points || []); });
      this.load("overlay", function (overlay) { self.setOverlay(overlay || null); });
      this.setBase(state.base);
      this.showCredit();
      this.buildLegend();
      this.tipFor = null;
      if (state.zoom && state.zoom.request !== this.zoomRequest) {
        this.zoomRequest = state.zoom.request;
        this.moved = state.zoom.codes.length > 0;
        this.fit(state.zoom.codes);
      }
      this.repaint();
    },

    /* Tooltips and points come inside the state when small, else by URL, once; what is late for its state is kept unused. */
    load: function (kind, use) {
      var self = this, part = this.state[kind], url = part && part.url;
      if (!url) { use(part ? part.inline : null); return; }
      if (!this.files.has(url)) this.files.set(url, parts.fetchJson(url));
      this.files.get(url).then(function (content) {
        if (!self.state[kind] || self.state[kind].url !== url) return;
        use(content);
        self.repaint();
      }).catch(function (fault) {
        self.files.delete(url);
        self.note("Details of the areas could not be loaded (" + fault.message + ").");
      });
    },

    apply: function (event) {
      var self = this, index = this.geometry.index;
      if (event.at) { this.applyDrop(event); return; }
      if (event.kind === "place") { if (!this.state.turns) this.picked = event.codes[0]; return; }
      if (event.kind === "select") {
        this.selected = index.has(event.codes[0]) ? index.get(event.codes[0]) : -1;
        return;
      }
      if (!this.footprints) this.footprints = new Int16Array(this.geometry.count).fill(NO_DATA);
      event.codes.forEach(function (code) {
        if (index.has(code)) self.footprints[index.get(code)] = event.footprint;
      });
    },

    /* One thing that a person did: painted now, sent now, kept until seen. */
    record: function (kind, areas, footprint) {
      var codes = areas.map(function (i) { return this.geometry.codes[i]; }, this);
      var event = { kind: kind, codes: codes };
      if (kind === "assign") event.footprint = footprint;
      this.send(event);
    },

    send: function (event) {
      event.n = ++this.sequence;
      var adds = event.kind === "assign" || (event.kind === "place" && this.state.turns); // else the last of a kind counts
      if (!adds) this.pending = this.pending.filter(function (old) { return old.kind !== event.kind; });
      this.pending.push(event);
      this.apply(event);
      if (event.kind === "place" && this.state.turns) { this.countTurns(); this.setPoints(this.pointSource); }
      this.buildLegend();
      this.repaint();
      window.Streamlit.setComponentValue({ life: this.life, events: this.pending });
    },

    /* Show the named areas, or all; as far beside the legend as costs little zoom. */
    fit: function (codes, still) {
      var g = this.geometry, size = this.map.getSize();
      if (!g || size.x < 120 || size.y < 120) return;
      var box = (this.state && this.state.bounds) || g.bounds;
      if (codes && codes.length) {
        var b = [Infinity, Infinity, -Infinity, -Infinity];
        codes.forEach(function (code) {
          if (!g.index.has(code)) return;
          var c = g.boxes[g.index.get(code)];
          b = [Math.min(b[0], c[0]), Math.min(b[1], c[1]), Math.max(b[2], c[2]), Math.max(b[3], c[3])];
        });
        if (b[0] === Infinity) return;
        var corner = this.lonLat(b[0], b[3]), other = this.lonLat(b[2], b[1]);
        box = [corner[0], corner[1], other[0], other[1]];
      }
      var bounds = L.latLngBounds([box[1], box[0]], [box[3], box[2]]), left = this.legend.hidden ? 0 : this.legend.offsetWidth;
      var zoomBeside = function (width) { return this.map.getBoundsZoom(bounds, false, L.point(32 + width, 32)); }.bind(this);
      left = [left, left / 2, left / 4, 0].find(function (width) {
        return width <= size.x / 2 && zoomBeside(width) >= zoomBeside(0) - 0.3;
      });
      this.fitted = true;
      this.map.fitBounds(bounds, { paddingTopLeft: [16 + left, 16], paddingBottomRight: [16, 16], animate: !still && !this.config.still });
    },

    setTheme: function (theme) {
      this.theme = theme === "dark" ? "dark" : "light";
      [this.container, this.status].forEach(function (node) { node.classList.toggle("am-dark", theme === "dark"); });
    },

    setBase: function (base) {
      var self = this, url = base ? base.url : null;
      if (url === (this.tileUrl || null)) return;
      this.tileUrl = url;
      if (this.baseLayer) this.baseLayer.remove();
      this.baseLayer = this.tiles = null;
      this.baseMissing = false;
      if (!url) return;
      var layer = L.tileLayer(url, { maxZoom: 19 });
      layer.on("tileload", function () {
        self.baseMissing = false;
        if (!self.tiles) { self.tiles = layer; self.showCredit(); self.repaint(); }
      });
      layer.on("tileerror", function () {
        if (self.tiles || self.baseMissing || layer !== self.baseLayer) return;
        self.baseMissing = true;
        self.showCredit();
      });
      this.baseLayer = layer.addTo(this.map);
    },

    /* Maps of one group on one page move together. */
    joinGroup: function () {
      if (!this.config.group || !window.BroadcastChannel) return;
      var self = this, page = window.parent.performance.timeOrigin, busy = false, waiting = false;
      var channel = new BroadcastChannel("area-map:" + page + ":" + this.config.group);
      channel.onmessage = function (e) {
        if (!self.fitted) return;
        busy = true;
        self.moved = true;
        self.map.setView(e.data.centre, e.data.zoom, { animate: false });
        busy = false;
      };
      this.map.on("move", function () {
        if (busy || waiting || !self.fitted || !self.container.matches(":hover, :focus, :focus-within")) return;
        waiting = true;
        requestAnimationFrame(function () {
          waiting = false;
          channel.postMessage({ centre: self.map.getCenter(), zoom: self.map.getZoom() });
        });
      });
    }
  });

  window.AreaMap = { create: function (map, config) { return new AreaMap(map, config); } };
})();
