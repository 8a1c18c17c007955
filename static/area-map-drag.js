/* A place that can be moved: dragged by its handle, dropped anywhere. And a pin: a click that sets a point.
   The page has boxes that do the same without a pointer. */
(function () {
  "use strict";

  var parts = window.AreaMapParts = window.AreaMapParts || {};
  var NEAR = 4; // pixels that a hand trembles

  parts.dragging = {
    listenToDrag: function () {
      var self = this, map = this.map, box = this.container;
      function latlng(e) { return map.mouseEventToLatLng(e); }
      function degrees(at) { return [Math.round(at.lng * 1e6) / 1e6, Math.round(at.lat * 1e6) / 1e6]; }
      box.addEventListener("pointerdown", function (e) {
        self.justDragged = false;
        if (!self.geometry || !self.state || e.button !== 0 || e.target.closest(".am-legend, .am-buttons")) return;
        var point = self.pointAt(latlng(e));
        if (!point || !point.movable) return;
        self.held = { point: point, from: [e.clientX, e.clientY], x: point.x, y: point.y, moved: false };
        map.dragging.disable();
        box.setPointerCapture(e.pointerId);
      });
      box.addEventListener("pointermove", function (e) {
        var held = self.held;
        if (!held) return;
        if (Math.hypot(e.clientX - held.from[0], e.clientY - held.from[1]) > NEAR) held.moved = true;
        if (!held.moved) return;
        var p = self.unitsAt(latlng(e));
        held.point.x = p[0]; held.point.y = p[1];
        box.classList.add("am-holding");
        self.tip.classList.remove("am-on");
        self.marks.paint();
      });
      function finish(e, dropped) {
        var held = self.held;
        if (!held) return;
        self.held = null;
        box.classList.remove("am-holding");
        map.dragging.enable();
        if (!held.moved) return;
        self.justDragged = true;
        if (!dropped) { held.point.x = held.x; held.point.y = held.y; self.marks.paint(); return; }
        self.send({ kind: "drag", codes: [held.point.id], at: degrees(latlng(e)) });
        self.say(held.point.name + ", moved");
      }
      box.addEventListener("pointerup", function (e) { finish(e, true); });
      box.addEventListener("pointercancel", function (e) { finish(e, false); });
      box.addEventListener("keydown", function (e) { if (e.key === "Escape") finish(e, false); });
      this.setPin = function (at) {
        self.send({ kind: "pin", codes: ["pin"], at: degrees(at) });
        self.say("Point set");
      };
    },

    /* Where a place was dropped or a pin was set, until the server has said what became of it. */
    applyDrop: function (event) {
      var p = parts.mercator(event.at[0], event.at[1]), m = this.geometry.middle;
      if (event.kind === "pin") { this.pin = [p[0] - m[0], p[1] - m[1]]; return; }
      this.dropped = true;
      this.points.forEach(function (point) {
        if (point.id === event.codes[0]) { point.x = p[0] - m[0]; point.y = p[1] - m[1]; }
      });
    },

    /* A ring with four short arms round each place that can be moved. */
    drawHandles: function (ctx, f, t) {
      this.points.forEach(function (p) {
        if (!p.movable) return;
        var x = p.x * f.scale + f.x, y = p.y * f.scale + f.y;
        [[t.casing, 3], [t.text, 1.3]].forEach(function (s) {
          ctx.strokeStyle = s[0]; ctx.lineWidth = s[1];
          ctx.beginPath(); ctx.arc(x, y, 8.5, 0, 2 * Math.PI); ctx.stroke();
          ctx.beginPath();
          [[1, 0], [-1, 0], [0, 1], [0, -1]].forEach(function (d) {
            ctx.moveTo(x + d[0] * 8.5, y + d[1] * 8.5); ctx.lineTo(x + d[0] * 12, y + d[1] * 12);
          });
          ctx.stroke();
        });
      });
    },

    drawPin: function (ctx, f, t) {
      if (!this.pin) return;
      var x = this.pin[0] * f.scale + f.x, y = this.pin[1] * f.scale + f.y;
      [[t.selectedCasing, 6], [t.selected, 3]].forEach(function (s) {
        ctx.strokeStyle = s[0]; ctx.lineWidth = s[1];
        ctx.beginPath(); ctx.moveTo(x - 9, y - 9); ctx.lineTo(x + 9, y + 9);
        ctx.moveTo(x + 9, y - 9); ctx.lineTo(x - 9, y + 9); ctx.stroke();
      });
    }
  };
})();
